/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/health-list.h"

#include "app/engine/station-hold.h"
#include "tests/engine/fake-logger.h"
#include "tests/engine/fixture.h"

typedef struct
{
  Fixture       base;
  OpTable      *table;
  FakeLogger   *logger;
  OpStation    *station;
  OpHealthList *list;
  GtkWindow    *window;
} ListFixture;

static void
set_up (ListFixture *f, gconstpointer uri)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();

  fixture_set_up (&f->base, NULL);
  f->table = make_table ("OneMin", OP_MINUTE, 1, OP_TYPE_FP2);
  f->logger = fake_logger_new (f->table);
  record->name = g_strdup ("Hut");
  record->uri = g_strdup ("demo:cr1000");
  record->utc_offset_known = TRUE;
  f->station = op_station_new (f->base.store, record);
  if (uri == NULL)
    op_station_set_logger (f->station, OP_LOGGER (f->logger));
  f->list = g_object_new (OP_TYPE_HEALTH_LIST, NULL);
  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_child (f->window, GTK_WIDGET (f->list));
  op_health_list_set_station (f->list, f->station);
  gtk_window_present (f->window);
}

static void
tear_down (ListFixture *f, gconstpointer data)
{
  gtk_window_destroy (f->window);
  /* What it was reading ends. */
  while (G_OBJECT (f->station)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (f->station);
  g_object_unref (f->logger);
  op_table_unref (f->table);
  fixture_tear_down (&f->base, NULL);
}

/* The first row below @widget, itself too, with that title; NULL: none. */
static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_button (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = GTK_IS_BUTTON (child) ? child : find_button (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
on_watchdog_cb (gpointer title)
{
  g_error ("No row “%s” appeared", (const char *) title);
  return G_SOURCE_REMOVE;
}

static GtkWidget *
await_row (ListFixture *f, const char *title)
{
  guint watchdog = g_timeout_add_seconds (60, on_watchdog_cb, (gpointer) title);
  GtkWidget *row;

  while ((row = find_row (GTK_WIDGET (f->list), title)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return row;
}

static void
hold (ListFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_station_hold_async (f->station, NULL, keep_result_cb, &result);
  g_assert_true (op_station_hold_finish (f->station, await (&result), NULL));
}

/* It asks nothing before somebody connects, and reads by itself then. */
static void
test_reads_when_connected (ListFixture *f, gconstpointer data)
{
  GtkWidget *row;

  await_row (f, "Not Known Yet");
  g_assert_null (op_station_get_logger (f->station));
  hold (f);
  row = await_row (f, "Program");
  g_assert_nonnull (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));
  g_assert_nonnull (find_row (GTK_WIDGET (f->list), "Status table"));
  g_assert_nonnull (find_row (GTK_WIDGET (f->list), "1 thing is well"));
  g_assert_null (find_row (GTK_WIDGET (f->list), "Not Known Yet"));
  op_station_release (f->station);
}

static void
test_try_again (ListFixture *f, gconstpointer data)
{
  GtkWidget *row;

  f->logger->fail_open = g_error_new (OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "Nothing <came>");
  op_health_list_refresh (f->list);
  row = await_row (f, "Health could not be read");
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "Nothing <came>");
  g_clear_error (&f->logger->fail_open);
  g_signal_emit_by_name (find_button (row), "clicked");
  await_row (f, "Program");
}

/* All that the emulator tells: the clock is off, and stands before what is well. */
static void
test_emulator (ListFixture *f, gconstpointer data)
{
  GtkWidget *clock, *well;

  op_health_list_refresh (f->list);
  clock = await_row (f, "Clock");
  well = gtk_widget_get_next_sibling (clock);
  g_assert_true (ADW_IS_EXPANDER_ROW (well));
  g_assert_nonnull (find_row (well, "Lithium battery"));
  /* Another station's answers are not shown any more. */
  op_health_list_refresh (f->list);
  op_health_list_set_station (f->list, NULL);
  while (op_station_get_logger (f->station) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/health-list/reads-when-connected", ListFixture, NULL, set_up, test_reads_when_connected, tear_down);
  g_test_add ("/health-list/try-again", ListFixture, NULL, set_up, test_try_again, tear_down);
  g_test_add ("/health-list/emulator", ListFixture, "demo:cr1000", set_up, test_emulator, tear_down);
  return g_test_run ();
}
