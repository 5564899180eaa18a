/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-runs.h"

#define WRAP (G_GINT64_CONSTANT (1) << 32)

gint64
op_ordinal_near (guint32 record, gint64 end)
{
  if (end == OP_ORDINAL_MIN)
    return record;
  return end + (gint32) (record - (guint32) end);
}

gboolean
op_ordinal_is_wrapped (gint64 ordinal)
{
  return (ordinal & (WRAP - 1)) == 0;
}

gint64
op_ordinal_count_to_wrap (gint64 ordinal)
{
  return WRAP - (ordinal & (WRAP - 1));
}

gboolean
op_db_get_end (OpDb *db, gint64 incarnation, gint64 *end, GError **error)
{
  return op_db_get_int (db, OP_ORDINAL_MIN, end, error,
                        "SELECT first + count FROM run WHERE incarnation = ?1 ORDER BY first DESC LIMIT 1", "i",
                        incarnation);
}

gboolean
op_db_find_run (OpDb *db, gint64 incarnation, gint64 ordinal, gboolean *is_held, gint64 *limit, GError **error)
{
  gint64 end;
  if (!op_db_get_int (db, OP_ORDINAL_MIN, &end, error,
                      "SELECT first + count FROM run WHERE incarnation = ?1 AND first <= ?2"
                      " ORDER BY first DESC LIMIT 1", "ii", incarnation, ordinal))
    return FALSE;
  *is_held = end > ordinal;
  *limit = end;
  return *is_held
         || op_db_get_int (db, OP_ORDINAL_MAX, limit, error,
                           "SELECT first FROM run WHERE incarnation = ?1 AND first > ?2 ORDER BY first LIMIT 1", "ii",
                           incarnation, ordinal);
}

/* A gap of which @first up to @end came after all keeps what lies before and behind. */
static gboolean
shrink_gaps (OpDb *db, gint64 incarnation, gint64 first, gint64 end, GError **error)
{
  return op_db_run (db, error,
                    "INSERT OR REPLACE INTO gap (incarnation, first, count, before, after)"
                    " SELECT incarnation, ?3, first + count - ?3, NULL, after FROM gap"
                    " WHERE incarnation = ?1 AND first < ?3 AND first + count > ?3", "iii", incarnation, first, end)
         && op_db_run (db, error,
                       "UPDATE gap SET count = ?2 - first, after = NULL"
                       " WHERE incarnation = ?1 AND first < ?2 AND first + count > ?2", "ii", incarnation, first)
         && op_db_run (db, error, "DELETE FROM gap WHERE incarnation = ?1 AND first >= ?2 AND first < ?3", "iii",
                       incarnation, first, end);
}

/* The ends that a new run joins on to; where there is a wrap between, it does not. */
static gboolean
find_joined (OpDb *db, gint64 incarnation, gint64 *first, gint64 *end, GError **error)
{
  gint64 joined_first = *first, joined_end = *end;
  if (!op_ordinal_is_wrapped (*first)
      && !op_db_get_int (db, *first, &joined_first, error,
                         "SELECT first FROM run WHERE incarnation = ?1 AND first < ?2 AND first + count = ?2"
                         " ORDER BY first DESC LIMIT 1", "ii", incarnation, *first))
    return FALSE;
  if (!op_ordinal_is_wrapped (*end)
      && !op_db_get_int (db, *end, &joined_end, error,
                         "SELECT first + count FROM run WHERE incarnation = ?1 AND first = ?2", "ii", incarnation,
                         *end))
    return FALSE;
  *first = joined_first;
  *end = joined_end;
  return TRUE;
}

gboolean
op_db_add_run (OpDb *db, gint64 incarnation, gint64 first, gint64 end, GError **error)
{
  return shrink_gaps (db, incarnation, first, end, error)
         && find_joined (db, incarnation, &first, &end, error)
         && op_db_run (db, error, "DELETE FROM run WHERE incarnation = ?1 AND first >= ?2 AND first < ?3", "iii",
                       incarnation, first, end)
         && op_db_run (db, error, "INSERT INTO run (incarnation, first, count) VALUES (?1, ?2, ?3)", "iii",
                       incarnation, first, end - first);
}

/* An unknown time is kept as NULL. */
gboolean
op_db_add_gap (OpDb *db, gint64 incarnation, gint64 first, const OpGap *gap, GError **error)
{
  return op_db_run (db, error,
                    "INSERT OR REPLACE INTO gap (incarnation, first, count, before, after)"
                    " VALUES (?1, ?2, ?3, nullif (?4, ?6), nullif (?5, ?6))", "iiiiii", incarnation, first,
                    (gint64) gap->count, gap->before, gap->after, OP_TIME_UNKNOWN);
}
