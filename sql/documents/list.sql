-- Every registered document, by id.
select id, text, added_at from trusted_document order by id
