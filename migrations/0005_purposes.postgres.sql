-- A challenge may also lead to a new password or a passkey.
ALTER TABLE challenge DROP CONSTRAINT challenge_purpose_check;
ALTER TABLE challenge ADD CONSTRAINT challenge_purpose_check CHECK (purpose IN ('email', 'invite', 'reset', 'passkey'));
