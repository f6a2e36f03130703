-- Every registered document, by id.
-- -> DocumentRow
select id, text, digest from trusted_document order by id
