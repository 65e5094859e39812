-- An administrator who wants to be asked for a passkey as well, whatever else they sign in with. The organization's policy
-- can ask it of all of them.
ALTER TABLE administrator ADD COLUMN needs_passkey BOOLEAN NOT NULL DEFAULT FALSE;
