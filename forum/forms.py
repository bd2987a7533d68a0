"""Forms: what came in becomes a typed object, or one clear error."""

from gettext import gettext as _
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from forum.errors import BadRequest


class Form(BaseModel):
    """The parent of every form: unknown fields are ignored, texts come as they were typed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


F = TypeVar("F", bound=Form)


async def read_form(request: Request, kind: type[F]) -> F:
    """The request's form as `kind`. Raises BadRequest naming the first field that is missing or of the wrong kind.

    A file is open only where the form has a place for it: who asks for one closes it.
    """
    _check_charset(request.headers.get("content-type", ""))
    data = await request.form(max_files=1, max_fields=200)
    try:
        form = kind.model_validate(_plain(data))
    except ValidationError as error:
        await data.close()
        field = str(error.errors()[0]["loc"][0])
        raise BadRequest(
            _("The form's field “%(field)s” is missing or wrong. Load the page again.") % {"field": field},
            field,
        ) from None
    if not any(isinstance(value, UploadFile) for _name, value in form):
        await data.close()
    return form


async def read_list(request: Request, name: str, *, most: int) -> list[str]:
    """All values of a field that may stand in a form several times, so many at most; once the form has been read."""
    data = await request.form()
    return [value.replace("\0", "") for value in data.getlist(name)[:most] if isinstance(value, str)]


def _check_charset(content_type: str) -> None:
    """Our pages are UTF-8. Some of the other encodings that Python knows make surrogates, or take minutes."""
    _kind, options = parse_options_header(content_type)
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise BadRequest(_("Forms are read as UTF-8. Send this one so."))


def _plain(data: FormData) -> dict[str, object]:
    """One value for each field: the last one; files stay files, texts lose what no text may hold."""
    return {
        name: value if isinstance(value, UploadFile) else value.replace("\0", "") for name, value in data.multi_items()
    }
