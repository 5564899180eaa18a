/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-history.h"

#define MAX_SPANS  100
#define CLOSELY_US (700 * 1000)

struct _OpPlotHistory
{
  GArray *behind; /* OpSpan, the newest last */
  GArray *ahead;  /* the next one last */
  gint64  left_us;
};

OpPlotHistory *
op_plot_history_new (void)
{
  OpPlotHistory *history = g_new0 (OpPlotHistory, 1);

  history->behind = g_array_new (FALSE, FALSE, sizeof (OpSpan));
  history->ahead = g_array_new (FALSE, FALSE, sizeof (OpSpan));
  history->left_us = G_MININT64 / 2;
  return history;
}

void
op_plot_history_free (OpPlotHistory *history)
{
  g_array_unref (history->behind);
  g_array_unref (history->ahead);
  g_free (history);
}

void
op_plot_history_clear (OpPlotHistory *history)
{
  g_array_set_size (history->behind, 0);
  g_array_set_size (history->ahead, 0);
  history->left_us = G_MININT64 / 2;
}

void
op_plot_history_leave (OpPlotHistory *history, const OpSpan *earlier, gint64 now_us)
{
  gboolean is_same_step = now_us - history->left_us < CLOSELY_US;

  g_array_set_size (history->ahead, 0);
  history->left_us = now_us;
  if (is_same_step)
    return;
  if (history->behind->len == MAX_SPANS)
    g_array_remove_index (history->behind, 0);
  g_array_append_val (history->behind, *earlier);
}

static gboolean
move (GArray *from, GArray *to, const OpSpan *present, OpSpan *span)
{
  if (from->len == 0)
    return FALSE;
  *span = g_array_index (from, OpSpan, from->len - 1);
  g_array_set_size (from, from->len - 1);
  g_array_append_val (to, *present);
  return TRUE;
}

gboolean
op_plot_history_back (OpPlotHistory *history, const OpSpan *present, OpSpan *span)
{
  history->left_us = G_MININT64 / 2;
  return move (history->behind, history->ahead, present, span);
}

gboolean
op_plot_history_forward (OpPlotHistory *history, const OpSpan *present, OpSpan *span)
{
  history->left_us = G_MININT64 / 2;
  return move (history->ahead, history->behind, present, span);
}
