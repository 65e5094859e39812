-- Search by places: for every sign of a user's `search`, five signs from there, marked with the end of the organization's
-- id. A text of up to five signs is one list of users (the first three and four signs of a place have lists of their own);
-- of a longer one the rarest piece leads to few users, who are looked at. The trigrams before were short and thus in
-- everybody's line: their lists had to be walked to the end for a rare text.
--
-- Places are words for FTS5, so a space becomes a sign that folded text never holds (U+00A0), a line's end two of them.
DROP TRIGGER users_search_insert;
DROP TRIGGER users_search_update;
DROP TRIGGER users_search_delete;
DROP TABLE user_search;

CREATE VIRTUAL TABLE user_search USING fts5 (
    places, content = '', contentless_delete = 1, detail = 'none', prefix = '7 8',
    tokenize = 'ascii tokenchars ''!"#$%&''''()*+,-./:;<=>?@[\]^_`{|}~'''
);

INSERT INTO user_search (rowid, places)
SELECT number, (
    WITH RECURSIVE place (at, text) AS (
        SELECT 1, replace(replace(search, ' ', char(160)), char(10), char(160, 160))
        UNION ALL SELECT at + 1, text FROM place WHERE at < length(text) - 2
    )
    SELECT group_concat(substr(organization_id, -4) || substr(text, at, 5), ' ') FROM place
) FROM users ORDER BY number;
INSERT INTO user_search (user_search) VALUES ('optimize');

CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO user_search (rowid, places)
    SELECT new.number, group_concat(substr(new.organization_id, -4) || substr(text, at, 5), ' ') FROM (
        WITH RECURSIVE place (at, text) AS (
            SELECT 1, replace(replace(new.search, ' ', char(160)), char(10), char(160, 160))
            UNION ALL SELECT at + 1, text FROM place WHERE at < length(text) - 2
        )
        SELECT at, text FROM place
    );
END;
CREATE TRIGGER users_search_update AFTER UPDATE OF search ON users WHEN old.search <> new.search BEGIN
    DELETE FROM user_search WHERE rowid = old.number;
    INSERT INTO user_search (rowid, places)
    SELECT new.number, group_concat(substr(new.organization_id, -4) || substr(text, at, 5), ' ') FROM (
        WITH RECURSIVE place (at, text) AS (
            SELECT 1, replace(replace(new.search, ' ', char(160)), char(10), char(160, 160))
            UNION ALL SELECT at + 1, text FROM place WHERE at < length(text) - 2
        )
        SELECT at, text FROM place
    );
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    DELETE FROM user_search WHERE rowid = old.number;
END;
