-- Register a document; gives its text as it is registered then, which is another one's where the id was taken.
-- $1 text id
-- $2 text the document
-- $3 bytea SHA-256 of the text in UTF-8
with added as (
    insert into trusted_document (id, text, digest) values ($1, $2, $3) on conflict (id) do nothing returning text
)
select text, true as new from added
union all
select text, false as new from trusted_document where id = $1 and not exists (select from added)
order by text
