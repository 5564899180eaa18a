/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/collect-job-private.h"

#include "protocol/pakbus/window-private.h"

/* A message without type, number and code, the block's head, a time stamp and MoreRecsExist: what is for records. */
#define ROOM_FOR_RECORDS (PAK_MESSAGE_MAX - 3 - 8 - 8 - 1)
/* Records asked for at a time where their length is not known before. */
#define WINDOW_OF_VARIABLE 64
/* How often in a row a window may be lost, each time after several tries: to noise, or to silence, which takes longer. */
#define MAX_LOSSES 6
#define LOSSES_OF_SILENCE 3

/*
 * CollectJob: learns the newest record, reads what the range begins with in the way that fits it, and goes on by
 * record numbers up to what was the newest. Numbers wrap at 2^32: they are compared by their distance.
 */
typedef struct
{
  PakTarget      target;
  OpTable       *table;
  OpCollectRange range;
  OpCollectFunc  func;
  OpProgressFunc progress;
  gpointer       func_data;

  PakCollectRequest first;
  guint32  next;        /* what comes next, once something has come or is known by the range */
  guint32  end;         /* one past the last to be collected */
  OpTime   newest_time;
  OpTime   next_time;   /* in an interval table, once something has come */
  guint32  window;      /* records asked for at a time */
  gboolean is_wide;     /* the window asked for reaches to the end, as what lies before may be gone */
  guint    n_losses;
  guint64  done;
} CollectJob;

static void read_first (GTask *task);
static void read_next (GTask *task);

static void
collect_job_free (CollectJob *job)
{
  op_table_unref (job->table);
  g_free (job);
}

static guint32
get_full_window (const OpTable *table)
{
  gsize record = table->record_size + (op_table_is_event (table) ? table->stamp_size : 0);

  if (table->record_size == 0)
    return WINDOW_OF_VARIABLE;
  return (guint32) MAX (ROOM_FOR_RECORDS / record, 1);
}

/* By times, how many there are is an estimate until the last has come. */
static guint64
count_remaining (const CollectJob *job)
{
  guint32 by_number = job->end - job->next;
  gint64 span;

  if (job->range.mode != OP_COLLECT_TIMES || op_table_is_event (job->table) || job->next_time == OP_TIME_UNKNOWN
      || job->next_time >= job->range.time_b)
    return by_number;
  span = (job->range.time_b - job->next_time - 1) / job->table->interval + 1;
  return MIN (by_number, (guint64) span);
}

static void
report_progress (const CollectJob *job, guint64 remaining)
{
  if (job->progress != NULL)
    job->progress (job->done, job->done + remaining, job->func_data);
}

/* Takes @task. */
static void
return_done (GTask *task)
{
  report_progress (g_task_get_task_data (task), 0);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* The records of @chunk before the range's end in time; NULL when there are none. */
static OpChunk *
cut_at_time (const OpTable *table, const OpChunk *chunk, OpTime end)
{
  guint32 n = chunk->count;
  g_autoptr (OpChunk) head = op_chunk_new (table, chunk->first, n, chunk->first_time, chunk->payload, NULL);

  while (head->last_time >= end)
    {
      if (--n == 0)
        return NULL;
      op_chunk_free (head);
      head = op_chunk_head (chunk, table, n);
    }
  return g_steal_pointer (&head);
}

static gboolean
hand_over (CollectJob *job, const OpChunk *chunk, GError **error)
{
  if (!job->func (chunk, job->func_data, error))
    return FALSE;
  job->done += chunk->count;
  job->next = chunk->first + chunk->count;
  job->next_time = op_table_is_event (job->table)
                       ? OP_TIME_UNKNOWN
                       : (OpTime) ((guint64) chunk->last_time + (guint64) job->table->interval);
  return TRUE;
}

static gboolean
has_reached_end (const CollectJob *job)
{
  return (gint32) (job->end - job->next) <= 0;
}

/* Takes @task. */
static void
take_records (GTask *task, const OpChunk *chunk)
{
  CollectJob *job = g_task_get_task_data (task);
  g_autoptr (OpChunk) head = NULL;
  GError *error = NULL;

  if (job->range.mode == OP_COLLECT_TIMES && chunk->last_time >= job->range.time_b)
    {
      head = cut_at_time (job->table, chunk, job->range.time_b);
      job->end = chunk->first;
      chunk = head;
    }
  if (chunk != NULL && !hand_over (job, chunk, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (chunk == NULL || has_reached_end (job) || head != NULL)
    {
      return_done (task);
      return;
    }
  report_progress (job, count_remaining (job));
  read_next (task);
}

static gboolean
may_try_again (CollectJob *job, const GError *error)
{
  if (g_error_matches (error, PAK_ERROR, PAK_ERROR_NOISE))
    job->n_losses++;
  else if (g_error_matches (error, PAK_ERROR, PAK_ERROR_TIMED_OUT))
    job->n_losses += LOSSES_OF_SILENCE;
  else
    return FALSE;
  return job->n_losses <= MAX_LOSSES;
}

static void
on_window_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CollectJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpChunk) chunk = pak_read_window_finish (PAK_SESSION (source), result, &error);

  if (error != NULL && may_try_again (job, error))
    {
      /* Noise spares short answers. */
      job->window = MAX (job->window / 2, 1);
      g_error_free (error);
      read_next (g_steal_pointer (&task));
    }
  else if (error != NULL)
    g_task_return_error (task, error);
  else if (chunk != NULL)
    {
      job->n_losses = 0;
      job->window = MIN (job->window * 2, get_full_window (job->table));
      job->is_wide = FALSE;
      take_records (g_steal_pointer (&task), chunk);
    }
  else if (job->is_wide)
    return_done (g_steal_pointer (&task));
  else
    {
      /* These are gone, but later ones may be there. */
      job->is_wide = TRUE;
      read_next (g_steal_pointer (&task));
    }
}

/* Takes @task. */
static void
read_next (GTask *task)
{
  CollectJob *job = g_task_get_task_data (task);
  guint32 n = job->is_wide ? job->end - job->next : MIN (job->window, job->end - job->next);
  const PakCollectRequest request = { .mode = PAK_COLLECT_RECORDS, .p1 = job->next, .p2 = job->next + n };
  const PakExpectation expectation = { .knows_first = TRUE, .first = job->next, .time = job->next_time };

  pak_read_window_async (&job->target, job->table, &request, &expectation, g_task_get_cancellable (task),
                         on_window_cb, task);
}

static void
on_first_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CollectJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpChunk) chunk = pak_read_window_finish (PAK_SESSION (source), result, &error);

  if (error != NULL && may_try_again (job, error))
    {
      g_error_free (error);
      read_first (g_steal_pointer (&task));
    }
  else if (error != NULL)
    g_task_return_error (task, error);
  else if (chunk != NULL)
    take_records (g_steal_pointer (&task), chunk);
  else
    return_done (g_steal_pointer (&task));
}

/* Takes @task. */
static void
read_first (GTask *task)
{
  CollectJob *job = g_task_get_task_data (task);
  const PakExpectation expectation = { .knows_first = job->first.mode == PAK_COLLECT_FROM,
                                       .first = job->first.p1,
                                       .time = OP_TIME_UNKNOWN };

  pak_read_window_async (&job->target, job->table, &job->first, &expectation, g_task_get_cancellable (task),
                         on_first_cb, task);
}

/* Where the range begins is for the logger to find. Takes @task. */
static void
begin (GTask *task, guint32 newest)
{
  CollectJob *job = g_task_get_task_data (task);
  const OpCollectRange *range = &job->range;

  job->first = (PakCollectRequest) { .mode = PAK_COLLECT_ALL, .from = range->time_a, .to = range->time_b };
  job->end = newest + 1;
  switch (range->mode)
    {
    case OP_COLLECT_ALL:
      break;
    case OP_COLLECT_FROM:
      job->first.p1 = range->a;
      if (range->a == job->end)
        return_done (g_steal_pointer (&task));
      else if ((gint32) (job->end - range->a) > 0)
        job->first.mode = PAK_COLLECT_FROM;
      break;
    case OP_COLLECT_LAST:
      job->first.mode = PAK_COLLECT_FROM;
      job->first.p1 = job->end - range->a;
      if (range->a == 0)
        return_done (g_steal_pointer (&task));
      break;
    case OP_COLLECT_TIMES:
      job->first.mode = PAK_COLLECT_TIMES;
      if (range->time_a >= range->time_b)
        return_done (g_steal_pointer (&task));
      break;
    case OP_COLLECT_RECORDS:
      job->next = range->a;
      job->is_wide = TRUE;
      if ((gint32) (range->b - job->end) < 0)
        job->end = range->b;
      if (has_reached_end (job))
        return_done (g_steal_pointer (&task));
      else
        read_next (g_steal_pointer (&task));
      break;
    }
  if (task != NULL)
    read_first (task);
}

/* A table that keeps one record has just told it. */
static gboolean
range_has (const OpCollectRange *range, const OpChunk *chunk)
{
  switch (range->mode)
    {
    case OP_COLLECT_FROM:
      return (gint32) (chunk->first - range->a) >= 0;
    case OP_COLLECT_LAST:
      return range->a > 0;
    case OP_COLLECT_RECORDS:
      return chunk->first - range->a < range->b - range->a;
    case OP_COLLECT_TIMES:
      return chunk->first_time >= range->time_a && chunk->first_time < range->time_b;
    default:
      return TRUE;
    }
}

static void
on_newest_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CollectJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpChunk) newest = pak_read_newest_finish (PAK_SESSION (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (newest == NULL)
    return_done (g_steal_pointer (&task));
  else if (job->table->size != 1)
    begin (g_steal_pointer (&task), newest->first);
  else if (range_has (&job->range, newest) && !hand_over (job, newest, &error))
    g_task_return_error (task, error);
  else
    return_done (g_steal_pointer (&task));
}

void
pak_collect_async (const PakTarget *target, OpTable *table, const OpCollectRange *range, OpCollectFunc func,
                   OpProgressFunc progress, gpointer func_data, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  CollectJob *job = g_new0 (CollectJob, 1);

  job->target = *target;
  job->table = op_table_ref (table);
  job->range = *range;
  job->func = func;
  job->progress = progress;
  job->func_data = func_data;
  job->next_time = OP_TIME_UNKNOWN;
  job->window = get_full_window (table);
  g_task_set_task_data (task, job, (GDestroyNotify) collect_job_free);
  pak_read_newest_async (target, table, cancellable, on_newest_cb, task);
}

gboolean
pak_collect_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pak_read_newest_async (const PakTarget *target, OpTable *table, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  const PakCollectRequest request = { .mode = PAK_COLLECT_NEWEST, .p1 = 1 };
  const PakExpectation expectation = { .time = OP_TIME_UNKNOWN };

  pak_read_window_async (target, table, &request, &expectation, cancellable, callback, data);
}

OpChunk *
pak_read_newest_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  return pak_read_window_finish (session, result, error);
}
