"""No page takes a file unless its view says so: what comes all the same is read past, never kept, never on a disk."""

from typing import Never

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoFiles(FileUploadHandler):
    """The only upload handler of every face; the fields beside a file count as always."""

    def new_file(self, *args: object, **kwargs: object) -> Never:
        del args, kwargs
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Never:
        del raw_data, start
        raise SkipFile

    def file_complete(self, file_size: int) -> None:
        del file_size
