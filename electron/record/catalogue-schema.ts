import type { DatabaseSync } from 'node:sqlite';

/**
 * Steps from one version of the schema to the next; `PRAGMA user_version` counts those done. A step that was ever
 * released is never edited. Times are ms since 1970.
 */
const migrations = [
  `
  CREATE TABLE cameras (
    id INTEGER PRIMARY KEY,
    vehicle TEXT NOT NULL, channel INTEGER NOT NULL, stream TEXT NOT NULL,
    header_id TEXT NOT NULL, plate TEXT NOT NULL,
    UNIQUE (vehicle, channel, stream)
  ) STRICT;
  CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    camera INTEGER NOT NULL REFERENCES cameras (id),
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL, frames INTEGER NOT NULL,
    state TEXT NOT NULL, codec TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, has_audio INTEGER NOT NULL,
    plate TEXT NOT NULL, file TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE INDEX segments_of_camera ON segments (camera, start_ms, end_ms);
  CREATE INDEX segments_by_age ON segments (start_ms, camera, end_ms);
  CREATE INDEX segments_unfinished ON segments (state) WHERE state = 'writing';
  CREATE TABLE fragments (
    segment INTEGER PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE,
    init_bytes INTEGER NOT NULL, mime TEXT NOT NULL, packed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE gaps (
    camera INTEGER NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, cause TEXT NOT NULL,
    PRIMARY KEY (camera, start_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX gaps_of_camera ON gaps (camera, end_ms);
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    vehicle TEXT NOT NULL, channel INTEGER NOT NULL, kind TEXT NOT NULL, level TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of_vehicle ON events (vehicle, at);
  CREATE INDEX events_by_age ON events (at);
  CREATE TABLE track (
    vehicle TEXT NOT NULL, at INTEGER NOT NULL,
    latitude REAL NOT NULL, longitude REAL NOT NULL, speed REAL NOT NULL, direction REAL NOT NULL,
    PRIMARY KEY (vehicle, at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX track_by_age ON track (at);
  CREATE TABLE bookmarks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    note TEXT NOT NULL, is_protected INTEGER NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE bookmark_cameras (
    camera INTEGER NOT NULL REFERENCES cameras (id),
    bookmark INTEGER NOT NULL REFERENCES bookmarks (id) ON DELETE CASCADE,
    PRIMARY KEY (camera, bookmark)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE alarms (
    id INTEGER PRIMARY KEY,
    vehicle TEXT NOT NULL, kind TEXT NOT NULL, channel INTEGER NOT NULL, level TEXT NOT NULL,
    begin_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    latitude REAL, longitude REAL, speed REAL NOT NULL, fatigue INTEGER, is_late INTEGER NOT NULL,
    confirmed_at INTEGER NOT NULL, confirmed_by TEXT NOT NULL, is_told INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX alarms_by_age ON alarms (begin_ms);
  CREATE INDEX alarms_of_vehicle ON alarms (vehicle, begin_ms);
  CREATE INDEX alarms_that_last ON alarms (id) WHERE end_ms = 0;
  CREATE TABLE passengers (
    vehicle TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    got_on INTEGER NOT NULL, got_off INTEGER NOT NULL,
    PRIMARY KEY (vehicle, start_ms, end_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passengers_by_age ON passengers (start_ms);
  CREATE TABLE pictures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vehicle TEXT NOT NULL, channel INTEGER NOT NULL, media_id INTEGER NOT NULL,
    at INTEGER NOT NULL, type TEXT NOT NULL, format TEXT NOT NULL, event TEXT NOT NULL,
    bytes INTEGER NOT NULL, latitude REAL, longitude REAL, file TEXT NOT NULL
  ) STRICT;
  CREATE INDEX pictures_by_age ON pictures (at);
  CREATE INDEX pictures_of_vehicle ON pictures (vehicle, at);
  `,
];

/** @throws when the file is of a later version than this program, or is not a database */
export function migrate(database: DatabaseSync): void {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (user_version > migrations.length)
    throw new Error(`version ${user_version} is later than ${migrations.length}, which this program knows`);
  for (let version = user_version; version < migrations.length; version++) {
    database.exec('BEGIN');
    try {
      database.exec(migrations[version] as string);
      database.exec(`PRAGMA user_version = ${version + 1}`);
      database.exec('COMMIT');
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  }
}
