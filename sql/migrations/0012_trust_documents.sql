-- Documents that are registered: callers name them by id, and some may ask no others.

create table trusted_document (
    id text collate "C" primary key,
    text text not null,
    digest bytea not null,
    added_at timestamptz not null default now(),
    constraint trusted_document_id check (
        id ~ '^([A-Za-z0-9._~-]+|sha256:[0-9a-f]{64}|x-[A-Za-z0-9._~-]+:[A-Za-z0-9._~-]+)$' and length(id) <= 200
    ),
    constraint trusted_document_digest check (octet_length(digest) = 32),
    constraint trusted_document_text check (length(text) between 1 and 1000000)
);
comment on table trusted_document is 'Documents that are registered, each by the id by which a request can name it.';
comment on column trusted_document.digest is 'SHA-256 of the text in UTF-8; sha256: and its hexadecimal digits name the document too.';

grant select on trusted_document to borrowgraph_reader;
