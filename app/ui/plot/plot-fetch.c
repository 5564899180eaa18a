/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-fetch.h"

#include "app/engine/records.h"

typedef struct
{
  OpBatch *batch;
  guint    column, n_bins;
  OpTime   from, to;
  gboolean sums;
  OpBars   bars;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_pointer (&work->batch, op_batch_unref);
  g_free (work);
}

static void
reduce_batch (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  OpTime known = op_batch_get_table (work->batch)->interval;
  OpTime interval = known > 0 ? known : op_records_guess_interval (work->batch);

  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_return_pointer (task,
                         work->sums ? op_bars_sum_batch (&work->bars, work->batch, work->column, interval)
                                    : op_reduction_new_from_batch (work->batch, work->column, interval, work->from,
                                                                   work->to, work->n_bins),
                         (GDestroyNotify) op_reduction_unref);
}

static void
on_reduced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (OpReduction) reduction = op_store_reduce_finish (OP_STORE (source), result, &error);

  if (reduction != NULL)
    g_task_return_pointer (task, work->sums ? op_bars_sum (&work->bars, reduction) : op_reduction_ref (reduction),
                           (GDestroyNotify) op_reduction_unref);
  else
    g_task_return_error (task, error);
}

void
op_plot_fetch_async (OpStore *store, OpIncarnation *incarnation, OpBatch *batch, guint column, OpTime from, OpTime to,
                     guint n_bins, gboolean sums, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Work *work = g_new (Work, 1);

  *work = (Work) { NULL, column, n_bins, from, to, sums, op_bars_choose (from, to, n_bins / OP_BAR_PIXELS) };
  g_task_set_task_data (task, work, work_free);
  g_task_set_source_tag (task, op_plot_fetch_async);
  if (incarnation != NULL && sums)
    op_store_sum_async (store, incarnation, column, &work->bars, cancellable, on_reduced_cb, g_steal_pointer (&task));
  else if (incarnation != NULL)
    op_store_reduce_async (store, incarnation, column, from, to, n_bins, cancellable, on_reduced_cb, g_steal_pointer (&task));
  else
    {
      work->batch = op_batch_ref (batch);
      g_task_run_in_thread (task, reduce_batch);
    }
}

OpReduction *
op_plot_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
