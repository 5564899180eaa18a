/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/file-transfer.h"
#include "protocol/emulator/server.h"
#include "protocol/emulator/table-file.h"
#include "protocol/emulator/virtual-program.h"

#include <string.h>

/* What File Control can be told to do (manual 2.3.3.4). */
enum
{
  COMMAND_RUN_ALWAYS = 1,      /* now and on power-up */
  COMMAND_RUN_ON_POWER_UP = 2,
  COMMAND_HIDE = 3,
  COMMAND_DELETE = 4,
  COMMAND_FORMAT = 5,
  COMMAND_RUN_KEEP_DATA = 6,
  COMMAND_STOP = 7,
  COMMAND_STOP_DELETE = 8,
  COMMAND_LOAD_OS = 9,
  COMMAND_RUN = 10,
  COMMAND_PAUSE = 11,
  COMMAND_RESUME = 12,
  COMMAND_REPLACE_ALWAYS = 13, /* stop, delete data files, run now and on power-up */
  COMMAND_REPLACE = 14,
  N_COMMANDS, /* what stands behind is not in the manual, and contradictory elsewhere (pakbus-facts G3, H4) */
};

/* Table Control (manual 2.3.4.5). */
enum
{
  OPTION_RESET = 1,
  OPTION_ROLL_OVER = 2,
};

gint64
op_server_write_file (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                      PakMessage *response)
{
  OpFileFragment fragment = {
    .client = packet->src_node,
    .transaction = packet->transaction,
    .name = pak_message_get_text (command, "FileName"),
    .closes = pak_message_get_uint (command, "CloseFlag") != 0,
    .offset = pak_message_get_uint (command, "FileOffset"),
  };

  /* A refusal has the offset too (pakbus-facts G1). */
  pak_message_set_uint (response, "FileOffset", fragment.offset);
  if (!op_server_check_access (station, OP_ACCESS_PROGRAM, command, response))
    return 0;
  fragment.data = pak_message_get_bytes (command, "FileData", &fragment.length);
  pak_message_set_uint (response, "RespCode", op_file_transfer_take (station, &fragment));
  return 0;
}

/*
 * Data files of the program lie on the card; a CR200 has but the program itself. @next, which is to run, is none of
 * them, whatever its name.
 */
static void
delete_data_files (OpVirtualStation *station, const OpVirtualFile *next)
{
  if (station->model->is_small)
    op_virtual_files_remove_all (station->files, "CPU:", "", next);
  op_virtual_files_remove_all (station->files, "CRD:", ".dat", next);
  for (guint i = 0; i < station->tables->len; i++)
    if (((OpVirtualTable *) station->tables->pdata[i])->stored)
      op_virtual_station_reset_table (station, station->tables->pdata[i]);
}

static void
run_file (OpVirtualStation *station, guint what, OpVirtualFile *file)
{
  if (what == COMMAND_RUN_ALWAYS || what == COMMAND_REPLACE_ALWAYS)
    op_virtual_files_move_attribute (station->files, PAK_FILE_RUN_ON_POWER_UP, file);
  if (what == COMMAND_REPLACE_ALWAYS || what == COMMAND_REPLACE)
    delete_data_files (station, file);
  op_virtual_station_run_program (station, file, 0, what == COMMAND_RUN_KEEP_DATA);
}

static gboolean
is_running (const OpVirtualFile *file)
{
  return op_virtual_file_has (file, PAK_FILE_RUNNING) || op_virtual_file_has (file, PAK_FILE_PAUSED);
}

static guint
delete_file (OpVirtualStation *station, OpVirtualFile *file)
{
  if (is_running (file))
    return OP_CODE_CANNOT_DELETE;
  if (op_virtual_file_has (file, PAK_FILE_READ_ONLY))
    return OP_CODE_FILE_ACCESS;
  op_virtual_files_remove (station->files, file);
  return OP_CODE_COMPLETE;
}

static guint
format_drive (OpVirtualStation *station, const char *drive)
{
  const OpVirtualFile *running = op_virtual_files_find_with (station->files, PAK_FILE_RUNNING);

  if (!op_virtual_files_has_drive (station->files, drive))
    return OP_CODE_FILE_NAME;
  if (running != NULL && g_ascii_strncasecmp (running->name, drive, strlen (drive)) == 0)
    return OP_CODE_CANNOT_FORMAT;
  op_virtual_files_remove_all (station->files, drive, "", NULL);
  return OP_CODE_COMPLETE;
}

/* Commands that name no file, or not one that must be there. */
static guint
control_station (OpVirtualStation *station, guint what, const char *name)
{
  switch (what)
    {
    case COMMAND_RUN_ON_POWER_UP:
      op_virtual_files_move_attribute (station->files, PAK_FILE_RUN_ON_POWER_UP, NULL);
      return OP_CODE_COMPLETE;
    case COMMAND_FORMAT:
      return format_drive (station, name);
    case COMMAND_STOP:
    case COMMAND_STOP_DELETE:
      op_virtual_station_stop_program (station);
      if (what == COMMAND_STOP_DELETE)
        delete_data_files (station, NULL);
      return OP_CODE_COMPLETE;
    case COMMAND_PAUSE:
      op_virtual_station_pause_program (station);
      return OP_CODE_COMPLETE;
    case COMMAND_RESUME:
      op_virtual_station_resume_program (station);
      return OP_CODE_COMPLETE;
    default:
      g_assert_not_reached ();
    }
}

static guint
control_file (OpVirtualStation *station, guint what, OpVirtualFile *file)
{
  switch (what)
    {
    case COMMAND_RUN_ON_POWER_UP:
      op_virtual_files_move_attribute (station->files, PAK_FILE_RUN_ON_POWER_UP, file);
      return OP_CODE_COMPLETE;
    case COMMAND_HIDE:
      op_virtual_file_set (file, PAK_FILE_HIDDEN, TRUE);
      return OP_CODE_COMPLETE;
    case COMMAND_DELETE:
      return delete_file (station, file);
    case COMMAND_LOAD_OS:
      station->restart = OP_RESTART_REBOOT;
      return OP_CODE_COMPLETE;
    default:
      run_file (station, what, file);
      return OP_CODE_COMPLETE;
    }
}

static gboolean
needs_file (guint what, const char *name)
{
  switch (what)
    {
    case COMMAND_RUN_ON_POWER_UP:
      return *name != '\0';
    case COMMAND_FORMAT:
    case COMMAND_STOP:
    case COMMAND_STOP_DELETE:
    case COMMAND_PAUSE:
    case COMMAND_RESUME:
      return FALSE;
    default:
      return TRUE;
    }
}

static gboolean
changes_program (guint what)
{
  return what == COMMAND_RUN_ALWAYS || what == COMMAND_RUN_KEEP_DATA || what == COMMAND_RUN || what == COMMAND_STOP
         || what == COMMAND_STOP_DELETE || what == COMMAND_REPLACE_ALWAYS || what == COMMAND_REPLACE;
}

/* A CR200 has no file system to manage (manual 3.7.2). */
static gboolean
knows_command (const OpVirtualStation *station, guint what)
{
  if (station->model->is_small)
    return what == COMMAND_RUN_ALWAYS || what == COMMAND_STOP || what == COMMAND_STOP_DELETE || what == COMMAND_RUN;
  return what > 0 && what < N_COMMANDS;
}

static guint
control (OpVirtualStation *station, guint what, const char *name)
{
  OpVirtualFile *file;

  if (!knows_command (station, what))
    return OP_CODE_FILE_COMMAND;
  if (!needs_file (what, name))
    return control_station (station, what, name);
  file = op_virtual_files_find (station->files, name);
  if (file == NULL)
    return OP_CODE_FILE_NAME;
  /* Only what is made to be one becomes the operating system. */
  if (what == COMMAND_LOAD_OS && !op_virtual_files_name_ends (name, ".OBJ"))
    return OP_CODE_FILE_NAME;
  return control_file (station, what, file);
}

gint64
op_server_control_file (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                        PakMessage *response)
{
  guint what = pak_message_get_uint (command, "FileCmd");
  guint code;

  /* It follows on a refusal, too (pakbus-facts G3). */
  pak_message_set_uint (response, "HoldOff", 0);
  if (!op_server_check_access (station, OP_ACCESS_PROGRAM, command, response))
    return 0;
  code = control (station, what, pak_message_get_text (command, "FileName"));
  pak_message_set_uint (response, "RespCode", code);
  if (code != OP_CODE_COMPLETE)
    return 0;
  station->n_applied[OP_APPLIED_FILES]++;
  if (changes_program (what) || what == COMMAND_LOAD_OS)
    pak_message_set_uint (response, "HoldOff", station->hold_off);
  if (changes_program (what) && station->drops_link)
    station->restart = OP_RESTART_PROGRAM;
  return 0;
}

static guint
control_table (OpVirtualStation *station, guint option, const char *name)
{
  OpVirtualTable *table = name != NULL ? op_virtual_station_find_table (station, name) : NULL;

  if (table == NULL)
    return OP_CODE_NAME;
  if (!table->stored || (option == OPTION_ROLL_OVER && !table->in_files))
    return OP_CODE_OPTION;
  switch (option)
    {
    case OPTION_RESET:
      op_virtual_station_reset_table (station, table);
      return OP_CODE_COMPLETE;
    case OPTION_ROLL_OVER:
      return op_virtual_station_roll_over (station, table);
    default:
      return OP_CODE_OPTION;
    }
}

/* The table's name follows the option, which the manual forgets (pakbus-facts M7). */
gint64
op_server_control_table (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                         PakMessage *response)
{
  guint code;

  if (!op_server_check_access (station, OP_ACCESS_PROGRAM, command, response))
    return 0;
  code = control_table (station, pak_message_get_uint (command, "CtrlOption"),
                        pak_message_get_text (command, "TableName"));
  pak_message_set_uint (response, "RespCode", code);
  if (code == OP_CODE_COMPLETE)
    station->n_applied[OP_APPLIED_TABLES]++;
  return 0;
}
