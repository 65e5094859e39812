-- A challenge may also lead to a new password or a passkey. SQLite cannot alter a CHECK and other tables refer to this
-- one; widening a CHECK changes nothing on disk, so its text is changed (sqlite.org, "Making Other Kinds Of Table
-- Schema Changes").
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (purpose IN (''email'', ''invite''))', 'CHECK (purpose IN (''email'', ''invite'', ''reset'', ''passkey''))')
WHERE type = 'table' AND name = 'challenge';
PRAGMA writable_schema = RESET;
