"""What people fill in about themselves, and about those they keep a list of."""

from organisations.forms.correction import CorrectionForm
from organisations.forms.mine import (
    AnswerForm,
    EraseForm,
    NamesForm,
    NewAccountForm,
    ShareForm,
)
from organisations.forms.staff import (
    EndForm,
    InviteForm,
    LeaveAcrossForm,
    LeaveForm,
    StaffListForm,
)

__all__ = [
    "AnswerForm",
    "CorrectionForm",
    "EndForm",
    "EraseForm",
    "InviteForm",
    "LeaveAcrossForm",
    "LeaveForm",
    "NamesForm",
    "NewAccountForm",
    "ShareForm",
    "StaffListForm",
]
