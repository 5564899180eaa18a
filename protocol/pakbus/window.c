/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/window-private.h"

#define MAX_READINGS 8

typedef struct
{
  PakTarget         target;
  OpTable          *table;
  PakCollectRequest request;
  PakExpectation    expectation;

  guint    n_readings;
  gboolean holds;  /* a reading that another has to confirm: */
  OpChunk *held;   /* NULL: that there are no records */
} Window;

static void read_again (GTask *task);

static void
window_free (Window *window)
{
  op_table_unref (window->table);
  g_clear_pointer (&window->held, op_chunk_free);
  g_free (window);
}

/* The records of @chunk that @other has too. */
static OpChunk *
cut_to (const OpTable *table, const OpChunk *chunk, const OpChunk *other)
{
  gint32 n_before = (gint32) (other->first - chunk->first);
  g_autoptr (OpChunk) rest = NULL;
  gint32 n_common;

  if (n_before >= (gint32) chunk->count)
    return NULL;
  rest = n_before > 0 ? op_chunk_skip (chunk, table, (guint32) n_before)
                      : op_chunk_new (table, chunk->first, chunk->count, chunk->first_time, chunk->payload, NULL);
  n_common = (gint32) (other->first + other->count - rest->first);
  if (n_common <= 0)
    return NULL;
  return n_common < (gint32) rest->count ? op_chunk_head (rest, table, (guint32) n_common) : g_steal_pointer (&rest);
}

/*
 * What two readings both say, or NULL when they contradict each other. Ring memory may have moved on in between, so
 * that one begins later than the other.
 */
static OpChunk *
find_agreement (const OpTable *table, const OpChunk *a, const OpChunk *b)
{
  g_autoptr (OpChunk) common_a = cut_to (table, a, b);
  g_autoptr (OpChunk) common_b = cut_to (table, b, a);

  if (common_a == NULL || common_b == NULL || common_a->count != common_b->count
      || common_a->first_time != common_b->first_time || !g_bytes_equal (common_a->payload, common_b->payload))
    return NULL;
  return g_steal_pointer (&common_b);
}

/* The time that record @first should have if there was no break. */
static OpTime
get_expected_time (const Window *window, const OpChunk *chunk)
{
  const PakExpectation *expectation = &window->expectation;

  if (expectation->time == OP_TIME_UNKNOWN || op_table_is_event (window->table))
    return OP_TIME_UNKNOWN;
  /* Unsigned, as a lying interval may wrap around. */
  return (OpTime) ((guint64) expectation->time
                   + (guint64) (chunk->first - expectation->first) * (guint64) window->table->interval);
}

static gboolean
is_surprising (const Window *window, const OpChunk *chunk)
{
  const OpTable *table = window->table;
  OpTime expected_time;

  /* Nothing is surprising where nothing was promised; but who knows a number knows that there are records. */
  if (chunk == NULL)
    return window->request.mode == PAK_COLLECT_RECORDS;
  if (window->expectation.knows_first && chunk->first != window->expectation.first)
    return TRUE;
  expected_time = get_expected_time (window, chunk);
  if (expected_time != OP_TIME_UNKNOWN)
    return chunk->first_time != expected_time;
  return !op_table_is_event (table)
         && (gint64) ((guint64) chunk->first_time - (guint64) table->into) % table->interval != 0;
}

/* The newest record of a table that keeps one is another a moment later: there is nothing to compare. */
static gboolean
is_live (const Window *window)
{
  return window->table->size == 1;
}

static void
hold (Window *window, OpChunk *chunk)
{
  window->holds = TRUE;
  window->held = chunk;
}

static void
let_go (Window *window)
{
  window->holds = FALSE;
  g_clear_pointer (&window->held, op_chunk_free);
}

static void
return_chunk (GTask *task, OpChunk *chunk)
{
  g_task_return_pointer (task, chunk, (GDestroyNotify) op_chunk_free);
}

/* Takes @task and @chunk. */
static void
compare (GTask *task, OpChunk *chunk)
{
  Window *window = g_task_get_task_data (task);
  g_autoptr (OpChunk) second = chunk;
  g_autoptr (OpChunk) agreed = NULL;

  if (window->held != NULL && second != NULL)
    agreed = find_agreement (window->table, window->held, second);
  if (agreed != NULL || (window->held == NULL && second == NULL))
    {
      return_chunk (task, g_steal_pointer (&agreed));
      g_object_unref (task);
      return;
    }
  let_go (window);
  read_again (task);
}

static gboolean
is_damage (const GError *error)
{
  return g_error_matches (error, PAK_ERROR, PAK_ERROR_RECORD) || g_error_matches (error, PAK_ERROR, PAK_ERROR_MESSAGE);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PakSession *session = PAK_SESSION (source);
  g_autoptr (GTask) task = data;
  Window *window = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpChunk) chunk = pak_read_records_finish (session, result, &error);

  if (error != NULL && is_damage (error))
    pak_session_note_damage (session);
  if (error != NULL && (!is_damage (error) || window->n_readings >= MAX_READINGS))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (error != NULL)
    read_again (g_steal_pointer (&task));
  else if (window->holds)
    compare (g_steal_pointer (&task), g_steal_pointer (&chunk));
  else if (!is_live (window) && (pak_session_is_noisy (session) || is_surprising (window, chunk)))
    {
      hold (window, g_steal_pointer (&chunk));
      read_again (g_steal_pointer (&task));
    }
  else
    return_chunk (task, g_steal_pointer (&chunk));
}

/* Takes @task. What is held is asked for by its numbers: newest and oldest may have changed. */
static void
read_again (GTask *task)
{
  Window *window = g_task_get_task_data (task);
  PakCollectRequest request = window->request;

  if (window->n_readings >= MAX_READINGS)
    {
      g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_RECORD, "Of %u readings of table %s no two agree",
                               window->n_readings, window->table->name);
      g_object_unref (task);
      return;
    }
  if (window->held != NULL)
    request = (PakCollectRequest) { .mode = PAK_COLLECT_RECORDS,
                                    .p1 = window->held->first,
                                    .p2 = window->held->first + window->held->count };
  window->n_readings++;
  pak_read_records_async (&window->target, window->table, &request, g_task_get_cancellable (task), on_read_cb, task);
}

void
pak_read_window_async (const PakTarget *target, OpTable *table, const PakCollectRequest *request,
                       const PakExpectation *expectation, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  Window *window = g_new0 (Window, 1);

  window->target = *target;
  window->table = op_table_ref (table);
  window->request = *request;
  window->expectation = *expectation;
  g_task_set_task_data (task, window, (GDestroyNotify) window_free);
  read_again (task);
}

OpChunk *
pak_read_window_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
