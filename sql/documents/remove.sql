-- Take a document out of the registry; gives its id, and no row where there is none.
-- $1 text id
delete from trusted_document where id = $1 returning id
