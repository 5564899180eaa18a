/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-worker.h"

#include "app/engine/store-stations.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  OpStoreWorker *worker;
  GTask         *task;
  OpDbFunc       func;
  gulong         cancel_id;
  gboolean       queued;
  gboolean       cancelled; /* before it was queued */
} Job;

struct _OpStoreWorker
{
  gatomicrefcount ref_count;
  char    *path;
  gboolean writes;
  GThread *thread;
  OpDb    *db;      /* opened and used by the thread */

  GMutex   mutex;   /* guards what follows */
  GCond    changed;
  GQueue   jobs;
  gboolean closing;
};

static OpStoreWorker *
ref_worker (OpStoreWorker *worker)
{
  g_atomic_ref_count_inc (&worker->ref_count);
  return worker;
}

static void
unref_worker (OpStoreWorker *worker)
{
  if (!g_atomic_ref_count_dec (&worker->ref_count))
    return;
  g_clear_pointer (&worker->thread, g_thread_unref);
  g_free (worker->path);
  g_mutex_clear (&worker->mutex);
  g_cond_clear (&worker->changed);
  g_free (worker);
}

static void
free_job (Job *job)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, job->cancel_id);
  g_object_unref (job->task);
  unref_worker (job->worker);
  g_free (job);
}

static gboolean
on_cancelled_idle_cb (gpointer data)
{
  Job *job = data;
  g_autoptr (GTask) task = g_object_ref (job->task);
  free_job (job);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Cancelled"));
  return G_SOURCE_REMOVE;
}

/* The answer goes out from the task's own context, as the cancellable cannot be let go inside its handler. */
static void
answer_cancelled (Job *job)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (job->task));
  g_source_set_callback (source, on_cancelled_idle_cb, job, NULL);
  g_source_attach (source, g_task_get_context (job->task));
}

static void
on_cancelled_cb (GCancellable *cancellable, Job *job)
{
  OpStoreWorker *worker = job->worker;
  g_mutex_lock (&worker->mutex);
  if (job->queued)
    {
      g_queue_remove (&worker->jobs, job);
      job->queued = FALSE;
      answer_cancelled (job);
    }
  else
    job->cancelled = TRUE;
  g_mutex_unlock (&worker->mutex);
}

static gboolean
open_file (OpStoreWorker *worker, GError **error)
{
  if (worker->db == NULL)
    worker->db = op_db_open (worker->path, error);
  return worker->db != NULL;
}

static void
run_job (OpStoreWorker *worker, Job *job)
{
  g_autoptr (GError) error = NULL;
  gpointer data = g_task_get_task_data (job->task);
  gboolean done = FALSE;
  if (open_file (worker, &error))
    {
      if (worker->writes)
        done = op_db_write (worker->db, job->func, data, &error);
      else
        done = op_db_read (worker->db, job->func, data, g_task_get_cancellable (job->task), &error);
    }
  g_autoptr (GTask) task = g_object_ref (job->task);
  free_job (job);
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Waits for a job; NULL when the worker is to end or there is time to clear away. */
static Job *
take_job (OpStoreWorker *worker)
{
  gboolean may_sweep = worker->writes && worker->db != NULL && worker->db->sweep;
  g_mutex_lock (&worker->mutex);
  while (g_queue_is_empty (&worker->jobs) && !worker->closing && !may_sweep)
    g_cond_wait (&worker->changed, &worker->mutex);
  Job *job = g_queue_pop_head (&worker->jobs);
  if (job != NULL)
    job->queued = FALSE;
  g_mutex_unlock (&worker->mutex);
  return job;
}

static gboolean
is_closing (OpStoreWorker *worker)
{
  g_mutex_lock (&worker->mutex);
  gboolean closing = worker->closing;
  g_mutex_unlock (&worker->mutex);
  return closing;
}

/* What cannot be cleared away now is left to the next opening. */
static void
sweep (OpStoreWorker *worker)
{
  g_autoptr (GError) error = NULL;
  if (!op_db_write (worker->db, op_db_sweep, NULL, &error))
    {
      worker->db->sweep = FALSE;
      g_debug ("Removed stations are not cleared away: %s", error->message);
    }
}

static gpointer
run_worker (gpointer data)
{
  OpStoreWorker *worker = data;
  for (;;)
    {
      Job *job = take_job (worker);
      if (job != NULL)
        run_job (worker, job);
      else if (is_closing (worker))
        break;
      else
        sweep (worker);
    }
  g_clear_pointer (&worker->db, op_db_close);
  unref_worker (worker);
  return NULL;
}

OpStoreWorker *
op_store_worker_new (const char *path, gboolean writes)
{
  OpStoreWorker *worker = g_new0 (OpStoreWorker, 1);
  g_atomic_ref_count_init (&worker->ref_count);
  worker->path = g_strdup (path);
  worker->writes = writes;
  g_mutex_init (&worker->mutex);
  g_cond_init (&worker->changed);
  g_queue_init (&worker->jobs);
  return worker;
}

/* Returns FALSE when the worker takes no more jobs. */
static gboolean
queue_job (OpStoreWorker *worker, Job *job)
{
  g_mutex_lock (&worker->mutex);
  gboolean taken = job->cancelled || !worker->closing;
  if (job->cancelled)
    answer_cancelled (job);
  else if (taken)
    {
      if (worker->thread == NULL)
        worker->thread = g_thread_new (worker->writes ? "store-writer" : "store-reader", run_worker,
                                       ref_worker (worker));
      job->queued = TRUE;
      g_queue_push_tail (&worker->jobs, job);
      g_cond_signal (&worker->changed);
    }
  g_mutex_unlock (&worker->mutex);
  return taken;
}

void
op_store_worker_push (OpStoreWorker *worker, GTask *task, OpDbFunc func)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  /* What was written stays written, and is reported so. */
  g_task_set_check_cancellable (task, !worker->writes);
  Job *job = g_new0 (Job, 1);
  job->worker = ref_worker (worker);
  job->task = g_object_ref (task);
  job->func = func;
  if (cancellable != NULL)
    job->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), job, NULL);
  if (queue_job (worker, job))
    return;
  free_job (job);
  g_task_return_new_error (task, OP_STORE_ERROR, OP_STORE_ERROR_OPEN, _("The store %s is closed"), worker->path);
}

static void
begin_close (OpStoreWorker *worker)
{
  g_mutex_lock (&worker->mutex);
  worker->closing = TRUE;
  g_cond_signal (&worker->changed);
  g_mutex_unlock (&worker->mutex);
}

void
op_store_worker_close (OpStoreWorker *worker)
{
  begin_close (worker);
  g_clear_pointer (&worker->thread, g_thread_join);
}

void
op_store_worker_drop (OpStoreWorker *worker)
{
  begin_close (worker);
  unref_worker (worker);
}
