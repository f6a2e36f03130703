-- Revoke a credential, now or, where it would last longer, at an instant; gives its number, and no row where none counts.
-- $1 text prefix
-- $2 timestamptz until when it still counts; null: not any more
update credential
set
    revoked_at = case when $2::timestamptz is null then now() end,
    expires_at = case when $2 is null then expires_at else least(expires_at, $2) end
where prefix = $1 and revoked_at is null and expires_at > now()
returning id
