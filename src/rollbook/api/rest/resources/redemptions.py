"""Entering a class by its training key over the REST API."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrolling import OUTCOME, EnrollmentOutcome, enroll
from rollbook.api.rest.resources.enrollments import TAG, student_to_enroll
from rollbook.api.rest.values import Id, Line50
from rollbook.enrollments.actions.redeeming import redeem_class_training_key


class RedeemClassTrainingKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who enters by which class training key."""

    training_key: Annotated[Line50, Meta(description="Capitals count.")]
    user_id: Annotated[Id, Meta(description="The student; where the call is made for a student, that one.")] | UnsetType = UNSET


_TAKEN: Final = RedeemClassTrainingKey(training_key="K7QX2MPA9TRE", user_id=3)


@endpoint(
    "POST",
    "/class-training-key-redemptions",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=_TAKEN,
    answers=OUTCOME,
    creates="/enrollments/{id}",
    students=True,
)
async def redeem_training_key(call: Call, body: RedeemClassTrainingKey) -> EnrollmentOutcome:
    """
    Enroll a student in the class that a training key opens (A6).

    The student waits where the class is full, or others wait (W6). An enrollment that stands and is not yet enrolled is taken up under its id.
    """
    user_id = student_to_enroll(call, body.user_id)
    return await enroll(call, redeem_class_training_key, actor=call.actor, user_id=user_id, training_key=body.training_key)


ENDPOINTS: tuple[Endpoint, ...] = (redeem_training_key,)
