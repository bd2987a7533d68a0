"""Forms: what came in becomes a typed object, or one clear error."""

from gettext import gettext as _
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from forum.errors import BadRequest


class Form(BaseModel):
    """The parent of every form: unknown fields are ignored, texts come as they were typed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


F = TypeVar("F", bound=Form)


async def read_form(request: Request, kind: type[F]) -> F:
    """The request's form as `kind`. Raises BadRequest naming the first field that is missing or of the wrong kind."""
    data = await request.form(max_files=1, max_fields=200)
    try:
        return kind.model_validate(_plain(data))
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise BadRequest(
            _("The form's field “%(field)s” is missing or wrong. Load the page again.") % {"field": field},
            field,
        ) from None


def _plain(data: FormData) -> dict[str, object]:
    """One value for each field: the last one; files stay files, texts lose what no text may hold."""
    return {
        name: value if isinstance(value, UploadFile) else value.replace("\0", "") for name, value in data.multi_items()
    }
