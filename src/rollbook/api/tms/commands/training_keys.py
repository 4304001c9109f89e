"""The command by which a student enters a class with its training key."""

from typing import Annotated

from rollbook.access.scopes import Scope
from rollbook.access.training_keys import LONGEST_TRAINING_KEY
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Answer
from rollbook.api.tms.numbers import Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.enrollments.actions.redeeming import redeem_class_training_key


class Redemption(Parameters):
    """Who enters by which class training key."""

    user_id: Annotated[int, Id("The student.")]
    training_key: Annotated[str, Text("The class training key; capitals count.", name="classTrainingKey", maximum=LONGEST_TRAINING_KEY)]


class RedeemedId(Answer):
    """The id of the enrollment that the student has by it; null in a dry run."""

    class_enrollment_id: int | None


@command(
    "RedeemClassTrainingKey",
    summary="Enroll a student in the class that a training key opens",
    description="The student waits instead where the class is full, or others wait: the enrollment tells.",
    group="Class enrollments",
    writes=Scope.ENROLL,
    ours=True,
)
async def redeem(call: Call, parameters: Redemption) -> RedeemedId:
    """Enroll a student by a class training key."""
    enrollment_id = await perform(
        call,
        redeem_class_training_key,
        actor=await call.actor(),
        user_id=parameters.user_id,
        training_key=parameters.training_key,
    )
    return RedeemedId(class_enrollment_id=None if call.dry_run else enrollment_id)


COMMANDS: tuple[Command, ...] = (redeem,)
