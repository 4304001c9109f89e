"""In which state a class is."""

import pytest

from rollbook.classes.statuses import ClassStatus, Delivery

OFF = {ClassStatus.CANCELLED, ClassStatus.DENIED}


@pytest.mark.parametrize("status", ClassStatus)
def test_a_class_is_off_when_it_is_cancelled_or_denied(status: ClassStatus) -> None:
    assert (status in OFF) == status.is_off


def test_the_numbers_are_the_documented_ones() -> None:
    assert [0, 1, 2, 3, 4, 5, 6, 7] == [
        ClassStatus.SCHEDULED,
        ClassStatus.GUARANTEED_TO_RUN,
        ClassStatus.CANCELLED,
        ClassStatus.RESCHEDULED,
        ClassStatus.TENTATIVE,
        ClassStatus.REQUESTED,
        ClassStatus.DENIED,
        ClassStatus.COMPLETED,
    ]
    assert [1, 2, 3] == [Delivery.PHYSICAL, Delivery.VIRTUAL, Delivery.MIXED]
