/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-program.h"
#include "protocol/signature.h"

#define REBOOT_TIME (3 * OP_SECOND)

static gboolean
runs_unchanged (const OpVirtualStation *station, const OpVirtualFile *file)
{
  return station->program_state == OP_PROGRAM_RUNNING && g_ascii_strcasecmp (station->program, file->name) == 0
         && op_signature (g_bytes_get_data (file->content, NULL), g_bytes_get_size (file->content), OP_SIGNATURE_SEED)
              == station->program_signature;
}

/* What runs when power comes back, @off from now. */
static void
run_on_power_up (OpVirtualStation *station, gint64 off)
{
  OpVirtualFile *file = op_virtual_files_find_with (station->files, PAK_FILE_RUN_ON_POWER_UP);

  if (file == NULL)
    op_virtual_station_stop_program (station);
  else if (!runs_unchanged (station, file))
    op_virtual_station_run_program (station, file, off, TRUE);
  else
    {
      op_virtual_station_compile (station, off);
      station->started = station->compiled - station->compile_time;
    }
}

static void
take_address (OpVirtualStation *station)
{
  if (station->next_address != 0)
    station->address = station->next_address;
  station->next_address = 0;
}

void
op_virtual_station_settle (OpVirtualStation *station)
{
  if (station->restart == OP_RESTART_NONE)
    take_address (station);
}

void
op_virtual_station_reboot (OpVirtualStation *station)
{
  station->restart = OP_RESTART_NONE;
  station->n_reboots++;
  g_ptr_array_set_size (station->transfers, 0);
  op_virtual_settings_cancel (station->settings);
  take_address (station);
  op_virtual_clock_interrupt (station->clock, REBOOT_TIME);
  run_on_power_up (station, REBOOT_TIME);
}

/* Deaf as long as its answer to the client said; only then it compiles. */
static void
restart_program (OpVirtualStation *station)
{
  gint64 off = station->hold_off * OP_SECOND;

  station->restart = OP_RESTART_NONE;
  op_virtual_clock_interrupt (station->clock, off);
  op_virtual_station_compile (station, off);
  if (station->program_state != OP_PROGRAM_RUNNING)
    {
      op_virtual_clock_stop (station->clock);
      return;
    }
  station->started = station->compiled;
  op_virtual_clock_start (station->clock, off + station->compile_time);
}

void
op_virtual_station_restart (OpVirtualStation *station)
{
  switch (station->restart)
    {
    case OP_RESTART_NONE:
      break;
    case OP_RESTART_PROGRAM:
      restart_program (station);
      break;
    case OP_RESTART_REBOOT:
      op_virtual_station_reboot (station);
      break;
    }
}
