/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/collect-job-private.h"

#include "protocol/pakbus/windows-private.h"

/* A message without type, number and code, the block's head, a time stamp and MoreRecsExist: what is for records. */
#define ROOM_FOR_RECORDS (PAK_MESSAGE_MAX - 3 - 8 - 8 - 1)
/* Records asked for at a time where their length is not known before. */
#define WINDOW_OF_VARIABLE 64
/* How often in a row a window may be lost, each time after several tries: to noise, or to silence, which takes longer. */
#define MAX_LOSSES 6
#define LOSSES_OF_SILENCE 3

/*
 * CollectJob: learns the newest record, reads what the range begins with in the way that fits it, and goes on by
 * record numbers up to what was the newest. As soon as it knows how many records one answer holds, it reads as many
 * windows at a time as the session has requests in flight. Numbers wrap at 2^32: they are compared by their distance.
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
  guint    n_losses;
  guint64  done;

  /* Once records are read by number: */
  GTask      *task;
  GSource    *cancelled;
  PakWindows *windows;
  guint32     asked;    /* one past the last that is being read */
  gboolean    is_wide;  /* what is being read reaches to the end, as what lies before may be gone */
  guint32     window;   /* records asked for at a time */
  guint32     capacity; /* records that an answer holds, as far as is known: */
  gboolean    knows_capacity;
  guint32     cut_at;   /* records of the last answer, if it held fewer than asked for; else 0 */
} CollectJob;

static void read_first (GTask *task);
static void read_on (CollectJob *job);

static void
collect_job_free (CollectJob *job)
{
  op_table_unref (job->table);
  g_free (job);
}

static guint32
get_full_window (const OpTable *table)
{
  gsize record = op_table_get_payload_size (table);

  if (record == 0)
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

/* Hands over what is in the range. @is_over: whether there is no more to come. */
static gboolean
take_records (CollectJob *job, const OpChunk *chunk, gboolean *is_over, GError **error)
{
  g_autoptr (OpChunk) head = NULL;

  if (job->range.mode == OP_COLLECT_TIMES && chunk->last_time >= job->range.time_b)
    {
      *is_over = TRUE;
      head = cut_at_time (job->table, chunk, job->range.time_b);
      job->end = chunk->first;
      return head == NULL || hand_over (job, head, error);
    }
  if (!hand_over (job, chunk, error))
    return FALSE;
  *is_over = has_reached_end (job);
  if (!*is_over)
    report_progress (job, count_remaining (job));
  return TRUE;
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

/* Ends the reading by number. Takes @error, NULL when all is well. */
static void
finish (CollectJob *job, GError *error)
{
  GTask *task = g_steal_pointer (&job->task);

  g_clear_pointer (&job->windows, pak_windows_free);
  if (job->cancelled != NULL)
    g_source_destroy (job->cancelled);
  g_clear_pointer (&job->cancelled, g_source_unref);
  if (error == NULL)
    {
      return_done (task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/*
 * An answer that held fewer records than were asked for was full if the next one goes on where it ended; else the
 * logger's time had jumped, or records are missing.
 */
static void
learn_capacity (CollectJob *job, const OpChunk *chunk, guint32 n_asked)
{
  gboolean goes_on = chunk->first == job->next
                     && (op_table_is_event (job->table) || chunk->first_time == job->next_time);

  if (job->cut_at > 0 && goes_on)
    {
      job->knows_capacity = TRUE;
      job->capacity = job->cut_at;
    }
  job->cut_at = chunk->count < n_asked ? chunk->count : 0;
  if (job->cut_at > 0)
    return;
  if (n_asked >= get_full_window (job->table))
    job->knows_capacity = TRUE;
  /* Shorter ones may come. */
  if (job->table->record_size == 0)
    job->capacity = MIN (job->capacity + 1, WINDOW_OF_VARIABLE);
}

/* When record @first was stored, if nothing comes between. */
static OpTime
predict_time (const CollectJob *job, guint32 first)
{
  if (job->next_time == OP_TIME_UNKNOWN)
    return OP_TIME_UNKNOWN;
  /* Unsigned, as a lying interval may wrap around. */
  return (OpTime) ((guint64) job->next_time + (guint64) (first - job->next) * (guint64) job->table->interval);
}

/* Gives up what is being read and reads on behind what was handed over. */
static void
start_over (CollectJob *job)
{
  pak_windows_clear (job->windows);
  job->asked = job->next;
  read_on (job);
}

static void
take_window (CollectJob *job, guint32 first, guint32 end, const OpChunk *chunk)
{
  gboolean was_wide = job->is_wide;
  gboolean is_over;
  GError *error = NULL;

  learn_capacity (job, chunk, end - first);
  job->n_losses = 0;
  job->window = MIN (job->window * 2, get_full_window (job->table));
  job->is_wide = FALSE;
  if (!take_records (job, chunk, &is_over, &error) || is_over)
    {
      finish (job, error);
      return;
    }
  if (was_wide || job->asked == end)
    job->asked = job->next;
  else if (job->next != end)
    pak_windows_prepend (job->windows, job->next, end, job->next_time);
  read_on (job);
}

static void
on_window_cb (guint32 first, guint32 end, OpChunk *result, GError *error, gpointer data)
{
  CollectJob *job = data;
  g_autoptr (OpChunk) chunk = result;

  if (error != NULL && may_try_again (job, error))
    {
      /* Noise spares short answers. */
      job->window = MAX (job->window / 2, 1);
      g_error_free (error);
      start_over (job);
    }
  else if (error != NULL)
    finish (job, error);
  else if (chunk != NULL)
    take_window (job, first, end, chunk);
  else if (job->is_wide)
    finish (job, NULL);
  else
    {
      /* These are gone, but later ones may be there. */
      job->is_wide = TRUE;
      start_over (job);
    }
}

static guint
get_depth (const CollectJob *job)
{
  if (!job->knows_capacity || pak_target_is_small (&job->target))
    return 1;
  return pak_session_get_max_in_flight (job->target.session);
}

static void
read_on (CollectJob *job)
{
  guint depth = job->is_wide ? 1 : get_depth (job);
  /* Beyond the range's end in time only what is asked for alone. */
  guint32 limit = depth > 1 ? job->next + (guint32) count_remaining (job) : job->end;
  guint32 window = depth > 1 ? MIN (job->window, job->capacity) : job->window;

  while (pak_windows_get_length (job->windows) < depth && (gint32) (limit - job->asked) > 0)
    {
      guint32 n = limit - job->asked;
      guint32 first = job->asked;

      job->asked += job->is_wide ? n : MIN (n, window);
      pak_windows_append (job->windows, first, job->asked, predict_time (job, first));
    }
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  finish (data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_REMOVE;
}

/* Takes @task. */
static void
read_by_number (GTask *task)
{
  CollectJob *job = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  job->task = task;
  job->windows = pak_windows_new (&job->target, job->table, on_window_cb, job);
  job->asked = job->next;
  if (cancellable != NULL)
    {
      job->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (job->cancelled, G_SOURCE_FUNC (on_cancelled_cb), job, NULL);
      g_source_attach (job->cancelled, g_main_context_get_thread_default ());
    }
  read_on (job);
}

static void
on_first_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CollectJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpChunk) chunk = pak_read_window_finish (PAK_SESSION (source), result, &error);
  gboolean is_over = TRUE;

  if (error != NULL && may_try_again (job, error))
    {
      g_error_free (error);
      read_first (g_steal_pointer (&task));
      return;
    }
  if (chunk != NULL)
    {
      learn_capacity (job, chunk, G_MAXUINT32);
      take_records (job, chunk, &is_over, &error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else if (is_over)
    return_done (g_steal_pointer (&task));
  else
    read_by_number (g_steal_pointer (&task));
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
        read_by_number (g_steal_pointer (&task));
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
  job->window = job->capacity = get_full_window (table);
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
