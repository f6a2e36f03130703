-- What the registry of documents holds, in short: one row.
-- -> DocumentsVersionRow
select coalesce(md5(string_agg(id || encode(digest, 'hex'), ',' order by id)), '') as version from trusted_document
