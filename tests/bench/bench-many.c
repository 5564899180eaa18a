/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "app/engine/station.h"
#include "protocol/emulator/emulator.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define N_STATIONS   1000
#define N_RECORDS    500
#define TICK_MS      1
#define PORT_OPTION  "--emulators"
#define EMULATORS_NICE 10

/* One station of the thousand. */
typedef struct
{
  OpStation *station;
  double     begin;
  double     seconds; /* that its collection took */
  guint     *n_running;
} Member;

typedef struct
{
  gint64  due;
  GArray *delays; /* ms, of a timer that should go off each millisecond */
  double  worked; /* processor time of this thread, ms */
  GArray *holds;  /* ms of it between two of them */
} Pulse;

/* A thousand links take more files than a process is given without asking. */
static void
allow_files (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* The child's side */

static gboolean
on_parent_gone_cb (GIOChannel *channel, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
serve_many (void)
{
  g_autoptr (GPtrArray) emulators = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) parent = g_io_channel_unix_new (0);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_STATIONS; i++)
    {
      g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
      OpEmulator *emulator;
      guint16 port;

      options->history = N_RECORDS;
      options->seed = i;
      options->plain_columns = 10;
      emulator = op_emulator_new (options, &error);
      port = emulator != NULL ? op_emulator_listen (emulator, "127.0.0.1", 0, &error) : 0;
      if (port == 0)
        g_error ("%s", error->message);
      g_ptr_array_add (emulators, emulator);
      g_print ("%u\n", (guint) port);
    }
  fflush (stdout);
  g_io_add_watch (parent, G_IO_HUP | G_IO_IN, on_parent_gone_cb, loop);
  g_main_loop_run (loop);
}

gboolean
bench_many_serve (int argc, char **argv)
{
  if (argc != 2 || !g_str_equal (argv[1], PORT_OPTION))
    return FALSE;
  allow_files ();
  /* What is measured is the client. */
  setpriority (PRIO_PROCESS, 0, EMULATORS_NICE);
  serve_many ();
  return TRUE;
}

static GSubprocess *
start_emulators (GArray *ports)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                         "/proc/self/exe", PORT_OPTION, NULL);
  g_autoptr (GDataInputStream) lines = NULL;

  if (child == NULL)
    g_error ("%s", error->message);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  while (ports->len < N_STATIONS)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
      guint port;

      if (line == NULL)
        g_error ("The emulators ended");
      port = (guint) g_ascii_strtoull (line, NULL, 10);
      g_array_append_val (ports, port);
    }
  return child;
}

/* Measuring */

static double
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static gboolean
on_tick_cb (gpointer data)
{
  Pulse *pulse = data;
  gint64 now = g_get_monotonic_time ();
  double delay = (now - pulse->due) / 1e3;
  double worked = get_thread_time ();
  double hold = worked - pulse->worked;

  g_array_append_val (pulse->delays, delay);
  g_array_append_val (pulse->holds, hold);
  pulse->worked = worked;
  pulse->due = now + TICK_MS * 1000;
  return G_SOURCE_CONTINUE;
}

/* Most memory that was ever in use, in MB. */
static double
get_peak_memory (void)
{
  g_autofree char *status = NULL;
  const char *peak;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  peak = status != NULL ? strstr (status, "VmHWM:") : NULL;
  return peak != NULL ? g_ascii_strtoull (peak + strlen ("VmHWM:"), NULL, 10) / 1024.0 : 0;
}

/* Collecting */

static void
on_collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Member *member = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = op_station_collect_finish (OP_STATION (source), result, NULL, &error);

  if (results == NULL)
    g_error ("%s: %s", op_station_get_name (member->station), error->message);
  /* The loggers go on measuring meanwhile. */
  if (((OpTableResult *) results->pdata[0])->n_records < N_RECORDS)
    g_error ("%s lacks records", op_station_get_name (member->station));
  member->seconds = bench_now () - member->begin;
  --*member->n_running;
}

static void
begin (Member *member, OpStore *store, guint port, guint *n_running)
{
  static char *tables[] = { (char *) "Plain", NULL };
  const OpCollectOrder order = { .select = OP_SELECT_ALL, .tables = tables };
  g_autoptr (OpStationRecord) record = op_station_record_new ();

  record->name = g_strdup_printf ("Station %u", port);
  record->uri = g_strdup_printf ("tcp://127.0.0.1:%u?pakbus=1", port);
  member->station = op_station_new (store, record);
  op_station_set_security (member->station, 0);
  member->n_running = n_running;
  member->begin = bench_now ();
  ++*n_running;
  op_station_collect_async (member->station, &order, NULL, on_collected_cb, member);
}

static void
collect_all (Member *members, OpStore *store, GArray *ports, GArray *delays, GArray *holds)
{
  Pulse pulse = { 0, delays, 0, holds };
  guint n_running = 0;
  guint tick;

  for (guint i = 0; i < N_STATIONS; i++)
    begin (&members[i], store, g_array_index (ports, guint, i), &n_running);
  pulse.due = g_get_monotonic_time ();
  pulse.worked = get_thread_time ();
  tick = g_timeout_add (TICK_MS, on_tick_cb, &pulse);
  while (n_running > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

void
bench_many (void)
{
  g_autofree char *dir = g_dir_make_tmp ("outpost-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "store.db", NULL);
  g_autoptr (OpStore) store = op_store_new (path);
  g_autoptr (GArray) ports = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) delays = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) holds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree Member *members = g_new0 (Member, N_STATIONS);
  g_autoptr (GSubprocess) child = NULL;
  double median;

  allow_files ();
  child = start_emulators (ports);
  collect_all (members, store, ports, delays, holds);
  for (guint i = 0; i < N_STATIONS; i++)
    g_array_append_val (times, members[i].seconds);
  median = bench_percentile (times, 0.5);

  bench_say ("A thousand stations at once, resident at most", get_peak_memory (), "MB", 300, FALSE);
  bench_say ("  the slowest against the median", bench_percentile (times, 1) / median, "times", 3, FALSE);
  bench_say ("  main loop held, 99th percentile", bench_percentile (delays, 0.99), "ms", 8, FALSE);
  bench_say ("  main loop held, processor time of it, 99th percentile", bench_percentile (holds, 0.99), "ms", 8, FALSE);
  g_print ("  (median %.1f s a station; held %.1f ms at most, %.1f of processor time)\n", median,
           bench_percentile (delays, 1), bench_percentile (holds, 1));

  for (guint i = 0; i < N_STATIONS; i++)
    g_object_unref (members[i].station);
  op_store_close (store);
  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
  g_subprocess_wait (child, NULL, NULL);
  g_unlink (path);
  g_rmdir (dir);
}
