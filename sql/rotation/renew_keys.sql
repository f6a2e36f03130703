-- Gives persons keys of the newest version of the secret, where they still have the key that these were made of, and
-- nobody else has the new one.
-- $1 bigint[] ids
-- $2 bytea[] their keys
-- $3 bytea[] their new keys
-- $4 integer the newest version
update borrower
set subject_key = news.new_key, key_version = $4
from unnest($1::bigint[], $2::bytea[], $3::bytea[]) as news (id, old_key, new_key)
where borrower.id = news.id and borrower.subject_key = news.old_key
    and not exists (select from borrower as known where known.subject_key = news.new_key)
