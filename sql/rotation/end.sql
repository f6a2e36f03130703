-- Ends the overlap: from now on keys of a version alone count.
-- $1 integer the version
update secret_version
set sole_since = now()
where version = $1 and sole_since is null
