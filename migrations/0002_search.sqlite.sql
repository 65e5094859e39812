-- Text search differs by engine: trigrams of SQLite's FTS5, kept in step by triggers.
CREATE VIRTUAL TABLE user_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'trigram', detail = 'full');

CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO user_search (rowid, search) VALUES (new.number, new.search);
END;
CREATE TRIGGER users_search_update AFTER UPDATE OF search ON users WHEN old.search <> new.search BEGIN
    DELETE FROM user_search WHERE rowid = old.number;
    INSERT INTO user_search (rowid, search) VALUES (new.number, new.search);
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    DELETE FROM user_search WHERE rowid = old.number;
END;
