/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/soak.h"

#include <string.h>

typedef struct
{
  Soak    *soak;
  OpTable *table;
  guint    n;
} Collection;

static char *
make_key (const char *table, guint32 record)
{
  return g_strdup_printf ("%s/%u", table, record);
}

static char *
make_row (const OpBatch *batch, gsize row)
{
  GString *text = g_string_new (NULL);
  char time[OP_TIME_TEXT_SIZE];

  op_time_format (op_batch_get_times (batch)[row], time);
  g_string_append_printf (text, "%s,%u", time, op_batch_get_records (batch)[row]);
  for (guint column = 0; column < op_batch_get_n_columns (batch); column++)
    {
      g_string_append_c (text, ',');
      op_batch_append_value_text (batch, column, row, text);
    }
  return g_string_free (text, FALSE);
}

/* A record is the same whenever it is collected. */
static void
keep_row (Soak *soak, const char *table, guint32 record, char *row)
{
  g_autofree char *key = make_key (table, record);
  const char *before = g_hash_table_lookup (soak->model.records, key);

  if (before != NULL)
    {
      g_assert_cmpstr (row, ==, before);
      g_free (row);
    }
  else
    g_hash_table_insert (soak->model.records, g_steal_pointer (&key), row);
}

static gboolean
on_chunk_cb (const OpChunk *chunk, gpointer data, GError **error)
{
  Collection *collection = data;
  g_autoptr (OpBatch) batch = op_batch_new (collection->table, NULL, 0, chunk->count);

  if (!op_batch_append_chunk (batch, chunk, error))
    return FALSE;
  for (gsize i = 0; i < op_batch_get_n_records (batch); i++)
    keep_row (collection->soak, collection->table->name, op_batch_get_records (batch)[i], make_row (batch, i));
  collection->n += chunk->count;
  return TRUE;
}

static gboolean
collect (Soak *soak, OpTable *table, const OpCollectRange *range, guint *n)
{
  Collection collection = { soak, table, 0 };
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  op_logger_collect_async (soak->logger, table, range, on_chunk_cb, NULL, &collection, NULL, soak_await_cb, &result);
  op_logger_collect_finish (soak->logger, soak_await (&result), &error);
  *n = collection.n;
  return !soak_has_failed (soak, "collect", error);
}

static guint
count_tables (const Soak *soak)
{
  return g_strv_length ((char **) soak->kind->tables);
}

void
soak_collect (Soak *soak)
{
  OpTable *table = soak_find_table (soak, soak->kind->tables[soak_pick (soak, count_tables (soak))]);
  guint64 n_held = op_emulator_get_n_records (soak->emulator, table->name);
  guint32 first = soak_pick (soak, (guint) n_held + 1);
  guint32 count = 1 + soak_pick (soak, 100);
  OpCollectRange last = { .mode = OP_COLLECT_LAST, .a = count };
  OpCollectRange records = { .mode = OP_COLLECT_RECORDS, .a = first, .b = first + count };
  gboolean by_number = soak_pick (soak, 2) == 0;
  guint n, n_expected = by_number ? MIN (count, n_held - first) : MIN (count, n_held);

  if (!collect (soak, table, by_number ? &records : &last, &n))
    return;
  g_assert_cmpuint (n, >=, n_expected);
  /* Meanwhile the newest may have become another one. */
  g_assert_cmpuint (n, <=, count + op_emulator_get_n_records (soak->emulator, table->name) - n_held);
}

static gboolean
is_of_table (gpointer key, gpointer value, gpointer table)
{
  return g_str_has_prefix (key, table);
}

void
soak_reset_table (Soak *soak)
{
  OpTable *table = soak_find_table (soak, soak->kind->tables[1 + soak_pick (soak, count_tables (soak) - 1)]);
  guint n_before = op_emulator_get_n_applied (soak->emulator, "tables");
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gboolean done, not_done;
  guint n;

  op_logger_control_table_async (soak->logger, table, OP_TABLE_COMMAND_RESET, NULL, soak_await_cb, &result);
  done = op_logger_control_table_finish (soak->logger, soak_await (&result), &error);
  not_done = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE);
  n = op_emulator_get_n_applied (soak->emulator, "tables") - n_before;
  soak_has_failed (soak, "reset table", error);
  g_assert_cmpuint (n, <=, 1);
  if (done)
    g_assert_cmpuint (n, ==, 1);
  if (not_done)
    g_assert_cmpuint (n, ==, 0);
  if (n == 1)
    g_hash_table_foreach_remove (soak->model.records, is_of_table, table->name);
}

/* "2026-11-21 00:00:00",17,"NAN",… as it is in the file, without its quotes. */
static void
check_dump (Soak *soak)
{
  g_autofree char *path = g_strdup_printf ("%.*s.OneMin.dat", (int) strlen (soak->dump_path) - 4, soak->dump_path);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  op_emulator_flush_dump (soak->emulator);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 4; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_strchomp (lines[i]), "\"", -1);
      g_autofree char *row = g_strjoinv ("", parts);
      g_auto (GStrv) cells = g_strsplit (row, ",", 3);
      g_autofree char *key = make_key ("OneMin", (guint32) g_ascii_strtoull (cells[1], NULL, 10));

      g_assert_cmpstr (g_hash_table_lookup (soak->model.records, key), ==, row);
      n++;
    }
  g_assert_cmpuint (n, ==, op_emulator_get_n_records (soak->emulator, "OneMin"));
}

/* All that there is fits what was collected on the way. */
void
soak_check_records (Soak *soak)
{
  const OpCollectRange all = { .mode = OP_COLLECT_ALL };

  for (guint i = 0; soak->kind->tables[i] != NULL; i++)
    {
      OpTable *table = soak_find_table (soak, soak->kind->tables[i]);
      guint n;

      g_assert_true (collect (soak, table, &all, &n));
      g_assert_cmpuint (n, ==, op_emulator_get_n_records (soak->emulator, table->name));
    }
  /* A CR200 loses its records with each program. */
  if (!soak->kind->is_small)
    check_dump (soak);
}
