"""Methods about files: sending documents, photos, voice, audio and albums, and fetching what people sent."""

import struct

from sandbox.telegram.errors import ApiError, BadRequest
from sandbox.telegram.keyboards import reply_keyboard
from sandbox.telegram.methods.sending import caption_content, dressed
from sandbox.telegram.methods.targets import Method, open_chat, placement
from sandbox.telegram.params import UPLOAD_LIMIT, Params, Upload, as_integer
from sandbox.telegram.state import Json, StoredFile, World

DOWNLOAD_LIMIT = 20 * 1024 * 1024
_PHOTO_LIMIT = 10 * 1024 * 1024
_ALBUM_LIMIT = 10
_FOLDERS = {"document": "documents", "photo": "photos", "voice": "voice", "audio": "music", "video": "videos"}
_IMAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
_PNG_HEADER = 24
_UNKNOWN_SIZE = (1280, 960)


def send_media(kind: str) -> Method:
    """The method that sends one file of this kind: `document`, `photo`, `voice`, `audio` or `video`."""

    def send(world: World, params: Params) -> Json:
        chat = open_chat(world, params)
        content = dressed(caption_content(params), params) | placement(world, chat, params)
        stored = _given(world, kind, params.decoded.get(kind), params)
        content |= file_content(kind, stored, params.integer("duration"))
        return world.post(chat, world.bot, content, reply_keyboard(params)).body

    return send


def send_media_group(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#sendmediagroup"""
    chat = open_chat(world, params)
    items = params.objects("media")
    if not items:
        raise BadRequest("there are no messages to send")
    if len(items) > _ALBUM_LIMIT:
        raise BadRequest("too many messages to send as an album")
    kinds = {str(item.get("type")) for item in items}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise BadRequest(f"{min(kinds & {'document', 'audio'})} can't be mixed with other media types")
    place = placement(world, chat, params) | {"media_group_id": str(13_000_000_000 + world.fresh_id())}
    contents = [input_media(world, item, params) for item in items]
    return [world.post(chat, world.bot, content | place).body for content in contents]


def get_file(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise BadRequest("invalid file_id")
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise BadRequest("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


def get_user_profile_photos(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getuserprofilephotos"""
    if params.integer("user_id") not in world.accounts:
        raise BadRequest("user not found")
    return {"total_count": 0, "photos": []}


def input_media(world: World, item: Json, params: Params) -> Json:
    """The content of a message from one InputMedia object, whose file may be attached to the call."""
    if item.get("type") not in _FOLDERS:
        raise BadRequest("can't parse InputMedia: unsupported type")
    kind = str(item["type"])
    stored = _given(world, kind, item.get("media"), params)
    words: Json = {name: item[name] for name in ("caption", "parse_mode", "caption_entities") if name in item}
    return caption_content(Params(words, {})) | file_content(
        kind, stored, as_integer(item.get("duration", 0), "duration")
    )


def file_content(kind: str, stored: StoredFile, duration: int = 0) -> Json:
    """The fields of Message that describe a file; `duration` in seconds."""
    base: Json = {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}
    if kind == "photo":
        width, height = _image_size(stored.data)
        return {"photo": [{**base, "width": width, "height": height}]}
    base["mime_type"] = stored.mime_type
    if kind == "voice":
        return {"voice": {**base, "duration": duration}}
    if kind == "video":
        return {"video": {**base, "duration": duration, "width": 1280, "height": 720, "file_name": stored.name}}
    return {kind: {**base, "file_name": stored.name} | ({"duration": duration} if kind == "audio" else {})}


def keep(world: World, kind: str, upload: Upload) -> StoredFile:
    """Store an upload; raises BadRequest for an empty file and for a photo that is none."""
    if not upload.data:
        raise BadRequest("file must be non-empty")
    if len(upload.data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.data) > _PHOTO_LIMIT:
        raise BadRequest("file is too big: photos are limited to 10 MB")
    return world.keep_file(_FOLDERS[kind], upload.name, _mime_type(kind, upload), upload.data)


def message_count(method: str, params: Params) -> int:
    """How many messages a call puts into the chat."""
    return len(params.array("media")) if method == "sendMediaGroup" else 1


def _given(world: World, kind: str, value: object, params: Params) -> StoredFile:
    if isinstance(value, Upload):
        return keep(world, kind, value)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"there is no {kind} in the request")
    if value.startswith("attach://"):
        upload = params.uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise BadRequest(f'attached file "{value.removeprefix("attach://")}" not found')
        return keep(world, kind, upload)
    if value in world.files:
        return world.files[value]
    if value.startswith(("http://", "https://")):
        raise BadRequest("failed to get HTTP URL content")
    raise BadRequest("wrong remote file identifier specified: Wrong string length")


def _mime_type(kind: str, upload: Upload) -> str:
    if kind == "photo":
        found = next((mime for magic, mime in _IMAGES.items() if upload.data.startswith(magic)), None)
        if found is None:
            raise BadRequest("IMAGE_PROCESS_FAILED")
        return found
    return "audio/ogg" if kind == "voice" else upload.content_type


def _image_size(data: bytes) -> tuple[int, int]:
    if data.startswith(b"\x89PNG") and len(data) >= _PNG_HEADER:
        width, height = struct.unpack(">II", data[16:_PNG_HEADER])
        return width, height
    return _UNKNOWN_SIZE


METHODS: dict[str, Method] = {
    **{f"send{kind.capitalize()}": send_media(kind) for kind in _FOLDERS},
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
    "getUserProfilePhotos": get_user_profile_photos,
}
