-- Sign out every browser that was signed in with a credential.
-- $1 bigint the credential
update session set ended_at = now() where credential_id = $1 and ended_at is null
