/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-station.h"

#include "protocol/emulator/file-transfer.h"
#include "protocol/emulator/station-tables.h"
#include "protocol/emulator/virtual-program.h"
#include "protocol/emulator/weather.h"
#include "protocol/signature.h"

#include <glib/gi18n-lib.h>

/* Since an epoch the power failed once in so many days. */
#define DAYS_AN_OUTAGE    45
/* A shorter history has no room for a power failure. */
#define MIN_OUTAGE_RECORDS 100

#define DRIVE_CPU  486912 /* as in a captured directory (pakbus-facts G4) */
#define DRIVE_USR  65536
#define DRIVE_SMALL 6144
#define DRIVE_CARD 4000000

enum
{
  CHANCE_OUTAGE = 300,
  CHANCE_OUTAGE_LENGTH,
};

static const char default_program[] =
  "'Weather station: what the emulated logger runs\r\n"
  "Public AirTC, RH, WS_ms, WindDir, BP_hPa, SlrW, Rain_mm\r\n"
  "Public Soil_T(4), BattV\r\n"
  "Public Flag(8) As Boolean, Setpoint, Note As String * 32\r\n"
  "Dim DoorOpen As Boolean, Quality As String * 8\r\n"
  "Units AirTC = Deg C\r\nUnits WS_ms = m/s\r\nUnits BP_hPa = hPa\r\nUnits SlrW = W/m^2\r\nUnits Rain_mm = mm\r\n\r\n"
  "DataTable (OneMin, True, -1)\r\n"
  "  DataInterval (0, 1, Min, 10)\r\n"
  "  Average (1, AirTC, FP2, False)\r\n"
  "  Sample (1, RH, FP2)\r\n"
  "  Average (1, WS_ms, FP2, False)\r\n"
  "  Sample (1, WindDir, FP2)\r\n"
  "  Sample (1, BP_hPa, IEEE4)\r\n"
  "  Average (1, SlrW, IEEE4, False)\r\n"
  "  Totalize (1, Rain_mm, FP2, False)\r\n"
  "  Average (4, Soil_T(), FP2, False)\r\n"
  "  Minimum (1, BattV, FP2, False, False)\r\n"
  "  Sample (1, DoorOpen, Boolean)\r\n"
  "  Sample (1, Quality, String)\r\n"
  "EndTable\r\n\r\n"
  "BeginProg\r\n"
  "  Scan (1, Sec, 3, 0)\r\n"
  "    Battery (BattV)\r\n"
  "    CallTable OneMin\r\n"
  "  NextScan\r\n"
  "EndProg\r\n";

/* What is compiled for a CR200 names the operating system first. */
static const char default_binary[] = "v03A weather station";

static OpTime
floor_time (OpTime time, OpTime step)
{
  return time / step * step;
}

static OpTime
get_outage_length (guint32 seed, gint64 i)
{
  return 2 * OP_HOUR + op_weather_hash (seed, CHANCE_OUTAGE_LENGTH, i) % (7 * 3600) * OP_SECOND;
}

/* The past of a history of so many records up to now. Between the runs, if there are two, the power failed. */
static GArray *
make_past_by_count (const OpEmulatorOptions *options, OpTime now)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (OpRun));
  OpTime newest = floor_time (now, options->interval);
  OpRun first = { newest - (gint64) options->history * options->interval, G_MAXINT64 };
  OpRun second = first;
  gint64 after = options->history / 5 * 2;

  if (!options->outage || options->history < MIN_OUTAGE_RECORDS)
    return g_array_append_val (runs, first);

  second.from = newest - after * options->interval + options->interval / 3;
  first.to = second.from - get_outage_length (options->seed, 0);
  first.from = floor_time (first.to, options->interval)
               - (gint64) (options->history - after) * options->interval;
  g_array_append_val (runs, first);
  return g_array_append_val (runs, second);
}

/* The past since the epoch: always the same, but for its end. */
static GArray *
make_past_since_epoch (const OpEmulatorOptions *options, OpTime now)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (OpRun));
  OpRun run = { options->epoch - 1, G_MAXINT64 };

  for (gint64 i = 0; options->outage; i++)
    {
      double days = (i + 0.8 * op_weather_chance (options->seed, CHANCE_OUTAGE, i)) * DAYS_AN_OUTAGE;
      OpTime failure = options->epoch + (OpTime) (days * 86400) * OP_SECOND;
      OpTime length = get_outage_length (options->seed, i);

      if (failure + length >= now - OP_HOUR)
        break;
      run.to = failure;
      g_array_append_val (runs, run);
      run = (OpRun) { failure + length, G_MAXINT64 };
    }
  return g_array_append_val (runs, run);
}

/* A history that began a while ago leaves Plain, which has a shorter interval, more records than asked for. */
static void
limit_plain (OpVirtualStation *station, guint64 history)
{
  OpVirtualTable *plain = op_virtual_station_find_table (station, "Plain");
  guint64 oldest, next;

  if (plain == NULL)
    return;
  op_virtual_table_get_span (plain, &oldest, &next);
  plain->skipped = next - MIN (next, history);
}

/* The history was stored by the program already. */
static void
size_tables (OpVirtualStation *station, const char *text)
{
  if (station->model->is_small)
    return;
  op_virtual_station_size_tables (station, text);
  for (guint i = 0; i < station->tables->len; i++)
    {
      OpVirtualTable *table = station->tables->pdata[i];

      table->skipped = 0;
      table->n_resets = 0;
    }
}

/* The drives, with the program that runs ever since the history began. */
static void
install_program (OpVirtualStation *station, const char *text)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  OpVirtualFile *file;

  station->files = op_virtual_files_new ();
  op_virtual_files_add_drive (station->files, "CPU:", station->model->is_small ? DRIVE_SMALL : DRIVE_CPU);
  if (!station->model->is_small)
    {
      op_virtual_files_add_drive (station->files, "USR:", DRIVE_USR);
      op_virtual_files_add_drive (station->files, "CRD:", DRIVE_CARD);
    }
  file = op_virtual_files_store (station->files, station->model->program, content,
                                 op_virtual_clock_get_run (station->clock, 0).from);
  op_virtual_file_set (file, PAK_FILE_RUNNING, TRUE);
  op_virtual_file_set (file, PAK_FILE_RUN_ON_POWER_UP, TRUE);
  station->program = g_strdup (file->name);
  station->program_state = OP_PROGRAM_RUNNING;
  station->program_signature = op_signature ((const guint8 *) text, strlen (text), OP_SIGNATURE_SEED);
  station->compile_result = g_strdup_printf ("%s -- Compiled in PipelineMode.\r\n", file->name);
  size_tables (station, text);
}

static gboolean
check_options (const OpEmulatorOptions *options, OpTime now, GError **error)
{
  const OpStationModel *model = op_station_model_find (options->model);

  if (model == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("There is no emulator for “%s”; there are cr1000, cr200"), options->model);
      return FALSE;
    }
  if (model->is_small && options->interval % OP_SECOND != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("A CR200 stores at whole seconds only"));
      return FALSE;
    }
  if (options->interval <= 0 || options->interval > OP_DAY)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("A table's interval lies above 0 s and at or below a day"));
      return FALSE;
    }
  if (now <= OP_DAY || options->history >= (guint64) ((now - OP_DAY) / options->interval)
      || options->epoch < 0 || options->epoch > now)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("A history lies between 1990, where loggers' time begins, and now"));
      return FALSE;
    }
  return TRUE;
}

OpVirtualStation *
op_virtual_station_new (const OpEmulatorOptions *options, GError **error)
{
  g_autoptr (OpVirtualStation) station = g_new0 (OpVirtualStation, 1);
  g_autoptr (GArray) past = NULL;
  OpTime now;

  station->clock = op_virtual_clock_new (options->clock_offset_ns, options->drift_ppm);
  now = op_virtual_clock_now (station->clock);
  if (!check_options (options, now, error))
    return NULL;

  past = options->epoch == 0 ? make_past_by_count (options, now) : make_past_since_epoch (options, now);
  op_virtual_clock_set_past (station->clock, (const OpRun *) (gpointer) past->data, past->len);
  station->started = station->compiled = g_array_index (past, OpRun, past->len - 1).from;
  station->model = op_station_model_find (options->model);
  station->name = g_strdup ("Weather");
  station->seed = options->seed;
  station->interval = options->interval;
  station->address = options->pakbus_address;
  memcpy (station->security, options->security, sizeof station->security);
  station->max_response = options->max_response;
  station->compile_time = options->compile_us * 1000;
  station->hold_off = options->hold_off;
  station->drops_link = options->drops_link;
  station->settings = op_virtual_settings_new (options->settings_session_us);
  station->transfers = g_ptr_array_new_with_free_func ((GDestroyNotify) op_file_transfer_free);
  station->days = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  op_virtual_station_make_tables (station, options);
  if (options->program_text != NULL)
    install_program (station, options->program_text);
  else
    install_program (station, station->model->is_small ? default_binary : default_program);
  op_virtual_station_update (station);
  if (options->epoch == 0)
    limit_plain (station, options->history);
  return g_steal_pointer (&station);
}

void
op_virtual_station_free (OpVirtualStation *station)
{
  g_clear_pointer (&station->behind, op_virtual_station_free);
  op_virtual_clock_free (station->clock);
  g_clear_pointer (&station->tables, g_ptr_array_unref);
  g_clear_pointer (&station->definitions, g_bytes_unref);
  g_clear_pointer (&station->days, g_hash_table_unref);
  g_clear_pointer (&station->files, op_virtual_files_free);
  g_clear_pointer (&station->transfers, g_ptr_array_unref);
  g_clear_pointer (&station->settings, op_virtual_settings_free);
  g_free (station->variables);
  g_free (station->name);
  g_free (station->program);
  g_free (station->compile_result);
  g_free (station);
}

void
op_virtual_station_update (OpVirtualStation *station)
{
  for (guint i = 0; i < station->tables->len; i++)
    op_virtual_table_update (station->tables->pdata[i], station->clock);
}

/* A lock of a level holds what needs this level or a lower number; its code and those of lower number open it. */
gboolean
op_virtual_station_allows (const OpVirtualStation *station, OpAccess access, guint16 code)
{
  guint lock = access;

  if (station->model->is_small)
    return TRUE;
  while (lock <= G_N_ELEMENTS (station->security) && station->security[lock - 1] == 0)
    lock++;
  if (lock > G_N_ELEMENTS (station->security))
    return TRUE;
  for (guint i = 0; i < lock; i++)
    if (station->security[i] != 0 && station->security[i] == code)
      return TRUE;
  return FALSE;
}

OpVirtualTable *
op_virtual_station_find_table (OpVirtualStation *station, const char *name)
{
  for (guint i = 0; i < station->tables->len; i++)
    {
      OpVirtualTable *table = station->tables->pdata[i];

      if (g_ascii_strcasecmp (table->definition->name, name) == 0)
        return table;
    }
  return NULL;
}

OpVirtualTable *
op_virtual_station_get_table (OpVirtualStation *station, guint number)
{
  return number >= 1 && number <= station->tables->len ? station->tables->pdata[number - 1] : NULL;
}

gboolean
op_virtual_station_is_compiling (OpVirtualStation *station, gint64 *left_us)
{
  *left_us = station->compiles_until_us - g_get_monotonic_time ();
  return *left_us > 0;
}

OpDataOrigin *
op_virtual_station_get_origin (OpVirtualStation *station)
{
  OpDataOrigin *origin = g_new0 (OpDataOrigin, 1);

  origin->station = g_strdup (station->name);
  origin->model = g_strdup (station->model->name);
  origin->serial = g_strdup (station->model->serial);
  origin->os = g_strdup (station->model->os);
  origin->program = g_strdup (station->program);
  origin->program_signature = station->program_signature;
  return origin;
}
