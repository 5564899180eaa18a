/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the dump says is what is collected; what Daily says is what OneMin says. */

#include "protocol/formats/toa5.h"
#include "tests/emulator/peer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

typedef struct
{
  char       *folder;
  OpEmulator *emulator;
  Peer       *peer;
  GPtrArray  *tables;
} Fixture;

static void
fixture_init (Fixture *fixture, OpEmulatorOptions *options)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("outpost-dump-XXXXXX", NULL);
  options->dump_path = g_build_filename (fixture->folder, "dump.dat", NULL);
  fixture->emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  fixture->peer = peer_new (fixture->emulator);
  fixture->tables = peer_read_tables (fixture->peer);
}

static void
fixture_clear (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  peer_free (fixture->peer);
  g_ptr_array_unref (fixture->tables);
  g_object_unref (fixture->emulator);
  g_free (fixture->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static char *
read_dump (Fixture *fixture, const char *table)
{
  g_autofree char *name = g_strdup_printf ("dump.%s.dat", table);
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  char *text;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* As a client would write it who identified the logger. */
static char *
write_collected (Fixture *fixture, const char *table, gsize *n_records)
{
  g_autoptr (PakMessage) statistics = peer_ask (fixture->peer, peer_command (PAK_PROTOCOL_BMP5, 0x18));
  g_autoptr (OpBatch) batch = peer_collect_all (fixture->peer, peer_find_table (fixture->tables, table));
  g_auto (GStrv) os = g_strsplit (pak_message_get_text (statistics, "OSVer"), ".", 2);
  OpDataOrigin origin = {
    .station = (char *) "Weather",
    .model = os[0],
    .serial = (char *) pak_message_get_text (statistics, "SerialNbr"),
    .os = (char *) pak_message_get_text (statistics, "OSVer"),
    .program = (char *) pak_message_get_text (statistics, "ProgName"),
    .program_signature = pak_message_get_uint (statistics, "ProgSig"),
  };
  GString *text = g_string_new (NULL);

  *n_records = op_batch_get_n_records (batch);
  op_toa5_append_header (text, &origin, op_batch_get_table (batch));
  op_toa5_append_records (text, batch, 0, *n_records);
  return g_string_free (text, FALSE);
}

static void
test_equals_collected (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  const char *tables[] = { "OneMin", "Daily", "Events", "Plain", "Big" };
  g_auto (Fixture) fixture = { NULL };

  options->history = 5000;
  options->outage = TRUE;
  options->plain_columns = 4;
  fixture_init (&fixture, options);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      gsize n;
      g_autofree char *collected = write_collected (&fixture, tables[i], &n);
      g_autofree char *dumped = read_dump (&fixture, tables[i]);

      /* Plain stores one record a second: some may have come since. */
      g_assert_true (g_str_has_prefix (dumped, collected));
      g_assert_cmpuint (strlen (dumped) - strlen (collected), <, 2000);
      g_assert_cmpuint (n, >=, i == 1 ? 3 : 50);
      g_assert_true (i != 0 || n >= 5000);
    }
}

typedef struct
{
  OpEmulator *emulator;
  guint64     wanted;
} Wanted;

static gboolean
has_records (gpointer data)
{
  return op_emulator_get_n_records (((Wanted *) data)->emulator, "OneMin") >= ((Wanted *) data)->wanted;
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

/* By itself, and before anybody can collect what is new. */
static void
test_grows (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_auto (Fixture) fixture = { NULL };
  Wanted wanted;
  g_autofree char *early = NULL;
  g_autofree char *collected = NULL;
  g_autofree char *late = NULL;
  gsize n;

  options->history = 10;
  options->interval = OP_SECOND / 50;
  fixture_init (&fixture, options);
  wanted = (Wanted) { fixture.emulator, 60 };
  wait_until (has_records, &wanted);
  early = read_dump (&fixture, "OneMin");
  g_assert_cmpuint (count_lines (early), >, 4 + 40);
  collected = write_collected (&fixture, "OneMin", &n);
  late = read_dump (&fixture, "OneMin");
  g_assert_true (g_str_has_prefix (late, collected));
}

static void
test_not_writable (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;

  options->dump_path = g_strdup ("/nonexistent/dump.dat");
  g_assert_null (op_emulator_new (options, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* The statistics of a day are those of its minutes. */
static void
test_daily (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (OpBatch) minutes = NULL;
  g_autoptr (OpBatch) days = NULL;
  OpTable *daily, *one_min;
  const double *air, *rain;

  options->history = 4 * 1440;
  options->interval = 60 * OP_SECOND;
  options->seed = 3;
  fixture_init (&fixture, options);
  daily = peer_find_table (fixture.tables, "Daily");
  one_min = peer_find_table (fixture.tables, "OneMin");
  minutes = peer_collect_all (fixture.peer, one_min);
  days = peer_collect_all (fixture.peer, daily);
  air = op_batch_get_numbers (minutes, op_table_find_column (one_min, "AirTC_Avg"));
  rain = op_batch_get_numbers (minutes, op_table_find_column (one_min, "Rain_mm_Tot"));
  g_assert_cmpuint (op_batch_get_n_records (days), >=, 3);

  for (gsize day = 0; day < op_batch_get_n_records (days); day++)
    {
      OpTime end = op_batch_get_times (days)[day];
      double maximum = -INFINITY, total = 0;
      OpTime maximum_time = 0;

      g_assert_cmpint (end % OP_DAY, ==, 0);
      for (gsize i = 0; i < op_batch_get_n_records (minutes); i++)
        {
          OpTime time = op_batch_get_times (minutes)[i];

          if (time <= end - OP_DAY || time > end)
            continue;
          total += rain[i];
          if (air[i] > maximum)
            {
              maximum = air[i];
              maximum_time = time;
            }
        }
      g_assert_cmpfloat (op_batch_get_numbers (days, op_table_find_column (daily, "AirTC_Max"))[day], ==, maximum);
      g_assert_cmpint (op_batch_get_time_values (days, op_table_find_column (daily, "AirTC_TMx"))[day], ==,
                       maximum_time);
      g_assert_cmpfloat (fabs (op_batch_get_numbers (days, op_table_find_column (daily, "Rain_mm_Tot"))[day] - total), <,
                         0.06);
    }
}

/* A dump with a hole would be no oracle: that the disk is full is told. */
static void
test_disk_full (void)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (OpEmulator) emulator = NULL;
  g_autofree char *folder = g_dir_make_tmp ("outpost-dump-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (folder, "dump.OneMin.dat", NULL);
  const char *const tables[] = { "OneMin", "Daily", "Events" };

  g_assert_cmpint (symlink ("/dev/full", link), ==, 0);
  options->dump_path = g_build_filename (folder, "dump.dat", NULL);
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "The dump of OneMin cannot be written: *");
  emulator = op_emulator_new (options, NULL);
  g_test_assert_expected_messages ();
  g_clear_object (&emulator);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *name = g_strdup_printf ("dump.%s.dat", tables[i]);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/dump/equals-collected", test_equals_collected);
  g_test_add_func ("/emulator/dump/grows", test_grows);
  g_test_add_func ("/emulator/dump/not-writable", test_not_writable);
  g_test_add_func ("/emulator/dump/disk-full", test_disk_full);
  g_test_add_func ("/emulator/dump/daily", test_daily);
  return g_test_run ();
}
