/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/plot/plot-view.h"
#include "app/plot/plot.h"
#include "tests/engine/fixture.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#define INTERVAL OP_MINUTE

typedef struct
{
  GtkWindow  *window;
  OpPlotView *view;
  guint       n_notified;
} Shown;

static void
on_notify_cb (Shown *shown)
{
  shown->n_notified++;
}

static void
show (Shown *shown)
{
  shown->n_notified = 0;
  shown->window = GTK_WINDOW (gtk_window_new ());
  shown->view = OP_PLOT_VIEW (op_plot_view_new ());
  g_signal_connect_swapped (shown->view, "notify::from", G_CALLBACK (on_notify_cb), shown);
  gtk_window_set_default_size (shown->window, 700, 400);
  gtk_window_set_child (shown->window, GTK_WIDGET (shown->view));
  gtk_window_present (shown->window);
}

static void
get_span (Shown *shown, OpTime *from, OpTime *to)
{
  g_object_get (shown->view, "from", from, "to", to, NULL);
}

static gboolean
on_watchdog_cb (gpointer data)
{
  g_error ("Nothing happened for 30 s");
  return G_SOURCE_REMOVE;
}

/* Until a screen reader would say @expected of the plot, or, @is_part, at least that. */
static void
await_words (Shown *shown, const char *expected, gboolean is_part)
{
  guint watchdog = g_timeout_add_seconds (30, on_watchdog_cb, NULL);

  for (;;)
    {
      g_autofree char *other = gtk_test_accessible_check_property (GTK_ACCESSIBLE (shown->view),
                                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected);

      if (other == NULL || (is_part && strstr (other, expected) != NULL))
        break;
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (watchdog);
}

static void
await_description (Shown *shown, const char *expected)
{
  await_words (shown, expected, FALSE);
}

static void
hide (Shown *shown)
{
  GtkWidget *view = g_object_ref (GTK_WIDGET (shown->view));

  gtk_window_destroy (shown->window);
  g_assert_finalize_object (view);
}

/* What is said of records @first to @first + @count of column 0, up to the trend. */
static char *
describe_records (const OpTable *table, guint32 first, guint32 count)
{
  char from[OP_TIME_TEXT_SIZE], to[OP_TIME_TEXT_SIZE];
  double min = make_number (first, 0), max = min;

  op_time_format (make_time (table, first), from);
  op_time_format (make_time (table, first + count - 1), to);
  for (guint32 i = first; i < first + count; i++)
    {
      min = MIN (min, make_number (i, 0));
      max = MAX (max, make_number (i, 0));
    }
  return g_strdup_printf ("From %s to %s; Value0: %g to %g mV, ", from, to, min, max);
}

static void
test_store (Fixture *fixture, gconstpointer data)
{
  const guint column = 0;
  g_autoptr (OpTable) table = make_table ("OneMin", INTERVAL, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE), held = NULL, grown = NULL;
  g_autofree char *before = NULL, *after = NULL;
  Shown shown;

  append_records (fixture, begun, 0, 5000, 24);
  held = look_up (fixture, begun);
  before = describe_records (table, 0, 5000);
  after = describe_records (table, 0, 6000);

  show (&shown);
  await_description (&shown, "No fields chosen");
  op_plot_view_set_source (shown.view, fixture->store, held);
  op_plot_view_set_columns (shown.view, &column, 1);
  await_words (&shown, before, TRUE);

  append_records (fixture, held, 5000, 1000, 24);
  grown = look_up (fixture, begun);
  op_plot_view_refresh (shown.view, grown);
  await_words (&shown, after, TRUE);
  hide (&shown);
}

/* Paused, it stays where it is while records come; begun anew, it ends with the newest. */
static void
test_follow (Fixture *fixture, gconstpointer data)
{
  const guint column = 0;
  g_autoptr (OpTable) table = make_table ("OneMin", INTERVAL, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE), held = NULL, grown = NULL;
  OpTime from, to, first, last;
  Shown shown;

  append_records (fixture, begun, 0, 5000, 24);
  held = look_up (fixture, begun);
  show (&shown);
  op_plot_view_set_source (shown.view, fixture->store, held);
  op_plot_view_set_columns (shown.view, &column, 1);
  op_plot_view_set_span (shown.view, make_time (table, 4000), make_time (table, 4999));
  g_object_set (shown.view, "follows", FALSE, NULL);

  append_records (fixture, held, 5000, 1000, 24);
  grown = look_up (fixture, begun);
  op_plot_view_refresh (shown.view, grown);
  get_span (&shown, &from, &to);
  g_assert_cmpint (from, ==, make_time (table, 4000));
  g_assert_cmpint (to, ==, make_time (table, 4999));
  g_assert_true (op_plot_view_get_records (shown.view, &first, &last));
  g_assert_cmpint (last, ==, make_time (table, 5999));

  gtk_widget_activate_action (GTK_WIDGET (shown.view), "plot.follow", NULL);
  get_span (&shown, &from, &to);
  g_assert_cmpint (from, ==, make_time (table, 5000));
  g_assert_cmpint (to, ==, make_time (table, 5999));
  hide (&shown);
  while (G_OBJECT (fixture->store)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
}

/* Destroyed, or given other columns, while it reads. */
static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  const guint columns[] = { 0, 1, 0 };
  g_autoptr (OpTable) table = make_table ("OneMin", INTERVAL, 2, OP_TYPE_FP2);
  g_autoptr (OpIncarnation) begun = begin (fixture, table, FALSE), held = NULL;
  g_autofree char *description = describe_records (table, 0, 3000);
  Shown shown;

  append_records (fixture, begun, 0, 3000, 24);
  held = look_up (fixture, begun);
  show (&shown);
  op_plot_view_set_source (shown.view, fixture->store, held);
  for (guint i = 0; i < 20; i++)
    {
      op_plot_view_set_columns (shown.view, columns, 1 + i % 3);
      op_plot_view_set_span (shown.view, make_time (table, i), make_time (table, 2000 + i));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  op_plot_view_set_columns (shown.view, columns, 1);
  gtk_widget_activate_action (GTK_WIDGET (shown.view), "plot.fit", NULL);
  await_words (&shown, description, TRUE);
  op_plot_view_set_columns (shown.view, columns, 2);
  gtk_window_destroy (shown.window);
  /* What was cancelled comes back before the store can close. */
  while (G_OBJECT (fixture->store)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
}

static OpBatch *
batch_new (void)
{
  g_autoptr (OpTableBuilder) builder = op_table_builder_new ("Table", 100, OP_TYPE_NSEC, 0, INTERVAL);
  g_autoptr (OpTable) table = NULL;
  OpBatch *batch;

  op_table_builder_add_field (builder, OP_TYPE_ASCIIZ, TRUE, "Text", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_IEEE4, TRUE, "AirTC", "Avg", "°C", NULL, 0);
  table = op_table_builder_finish (g_steal_pointer (&builder), 1, NULL);
  batch = op_batch_new (table, NULL, 0, 100);
  for (guint i = 0; i < 101; i++)
    op_batch_set_number (batch, 1, op_batch_append_row (batch, i, i * INTERVAL), i / 4.0);
  return batch;
}

static void
act (Shown *shown, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (shown->view), action, NULL));
}

static void
test_batch (void)
{
  const guint columns[] = { 0, 1 }; /* the text is passed over */
  g_autoptr (OpBatch) batch = batch_new ();
  Shown shown;

  show (&shown);
  op_plot_view_set_batch (shown.view, batch);
  op_plot_view_set_columns (shown.view, columns, 2);
  await_description (&shown, "From 1990-01-01 00:00:00 to 1990-01-01 01:40:00; AirTC: 0 to 25 °C, rising by 22.62 °C; "
                             "Logger time");
  op_plot_view_set_span (shown.view, 40 * INTERVAL, 60 * INTERVAL);
  await_description (&shown, "From 1990-01-01 00:40:00 to 1990-01-01 01:00:00; AirTC: 10 to 15 °C, rising by 4.625 °C; "
                             "Logger time");
  /* No fractions of a second, where a zoom leaves them. */
  op_plot_view_set_span (shown.view, 40 * INTERVAL + 927565696, 60 * INTERVAL + 1);
  await_words (&shown, "From 1990-01-01 00:40:00 to 1990-01-01 01:00:00; AirTC: 10.25 to 15 °C, rising by ", TRUE);
  op_plot_view_set_span (shown.view, 40 * INTERVAL, 40 * INTERVAL + OP_SECOND / 4);
  await_words (&shown, "From 1990-01-01 00:40:00 to 1990-01-01 00:40:00.25; AirTC: 10 to 10 °C", TRUE);
  op_plot_view_set_columns (shown.view, columns, 1);
  await_description (&shown, "No fields chosen");
  hide (&shown);
}

/* Of a field that falls back to where it was, and another time of the same: its gaps are counted once. */
static void
test_gaps (void)
{
  const guint columns[] = { 1, 1 };
  g_autoptr (OpBatch) whole = batch_new ();
  g_autoptr (OpBatch) batch = op_batch_new (op_batch_get_table (whole), NULL, 0, 100);
  Shown shown;

  for (guint i = 0; i < 101; i++)
    if (i < 10 || (i > 15 && i < 30) || i > 79)
      op_batch_set_number (batch, 1, op_batch_append_row (batch, i, i * INTERVAL), 100 - ABS (50 - (gint) i));
  show (&shown);
  op_plot_view_set_batch (shown.view, batch);
  op_plot_view_set_columns (shown.view, columns, 2);
  await_description (&shown, "From 1990-01-01 00:00:00 to 1990-01-01 01:40:00; AirTC: 50 to 79 °C, steady; "
                             "AirTC: 50 to 79 °C, steady; 2 gaps, the longest 51 min; Logger time");
  hide (&shown);
}

static void
test_actions (void)
{
  const guint column = 1;
  g_autoptr (OpBatch) batch = batch_new ();
  OpTime from, to, wide_from, wide_to;
  Shown shown;

  show (&shown);
  op_plot_view_set_batch (shown.view, batch);
  op_plot_view_set_columns (shown.view, &column, 1);
  get_span (&shown, &wide_from, &wide_to);
  g_assert_cmpint (wide_from, ==, 0);
  g_assert_cmpint (wide_to, ==, 100 * INTERVAL);

  shown.n_notified = 0;
  act (&shown, "plot.zoom-in");
  get_span (&shown, &from, &to);
  g_assert_cmpint (to - from, <, wide_to - wide_from);
  g_assert_cmpint (ABS (from / 2 + to / 2 - 50 * INTERVAL), <, 1000);
  act (&shown, "plot.pan-left");
  g_assert_cmpuint (shown.n_notified, ==, 2);
  get_span (&shown, &wide_from, &wide_to);
  g_assert_cmpint (wide_from, <, from);
  g_assert_cmpint (wide_to - wide_from, ==, to - from);
  act (&shown, "plot.pan-right");
  act (&shown, "plot.zoom-out");
  act (&shown, "plot.fit");
  get_span (&shown, &from, &to);
  g_assert_cmpint (from, ==, 0);
  g_assert_cmpint (to, ==, 100 * INTERVAL);
  hide (&shown);
}

/* What a touchpad's fingers would tell the gesture. */
static void
pinch (Shown *shown, double scale)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (shown->view));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_GESTURE_ZOOM (controller))
        continue;
      g_signal_emit_by_name (controller, "begin", NULL);
      g_signal_emit_by_name (controller, "scale-changed", scale / 2);
      g_signal_emit_by_name (controller, "scale-changed", scale);
      return;
    }
  g_assert_not_reached ();
}

static void
test_pinch (void)
{
  const guint column = 1;
  g_autoptr (OpBatch) batch = batch_new ();
  OpTime from, to;
  Shown shown;

  show (&shown);
  op_plot_view_set_batch (shown.view, batch);
  op_plot_view_set_columns (shown.view, &column, 1);
  g_assert_cmpint (op_plot_view_get_first_column (shown.view), ==, 1);
  pinch (&shown, 4);
  get_span (&shown, &from, &to);
  g_assert_cmpint (ABS (to - from - 25 * INTERVAL), <, 1000);
  g_assert_cmpint (ABS (from / 2 + to / 2 - 50 * INTERVAL), <, 1000);
  pinch (&shown, 0.25);
  get_span (&shown, &from, &to);
  g_assert_cmpint (ABS (to - from - 100 * INTERVAL), <, 1000);
  hide (&shown);
}

static void
test_save (void)
{
  const guint column = 1;
  g_autofree char *folder = g_dir_make_tmp ("outpost-plot-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "plot.svg", NULL);
  g_autofree char *other = g_build_filename (folder, "plot.doc", NULL);
  g_autofree char *text = NULL;
  g_autoptr (OpBatch) batch = batch_new ();
  g_autoptr (GError) error = NULL;
  Shown shown;

  show (&shown);
  op_plot_view_set_batch (shown.view, batch);
  op_plot_view_set_columns (shown.view, &column, 1);
  await_description (&shown, "From 1990-01-01 00:00:00 to 1990-01-01 01:40:00; AirTC: 0 to 25 °C, rising by 22.62 °C; "
                             "Logger time");
  g_assert_true (op_plot_view_save (shown.view, path, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<svg"));
  g_assert_false (op_plot_view_save (shown.view, other, &error));
  g_assert_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_FORMAT);
  hide (&shown);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  g_test_add ("/plot-view/store", Fixture, NULL, fixture_set_up, test_store, fixture_tear_down);
  g_test_add ("/plot-view/follow", Fixture, NULL, fixture_set_up, test_follow, fixture_tear_down);
  g_test_add ("/plot-view/interrupted", Fixture, NULL, fixture_set_up, test_interrupted, fixture_tear_down);
  g_test_add_func ("/plot-view/batch", test_batch);
  g_test_add_func ("/plot-view/gaps", test_gaps);
  g_test_add_func ("/plot-view/actions", test_actions);
  g_test_add_func ("/plot-view/pinch", test_pinch);
  g_test_add_func ("/plot-view/save", test_save);
  return g_test_run ();
}
