/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

#include "protocol/pakbus/directory.h"

/* What a message holds besides type, transaction, code and offset. */
#define MAX_SWATH  (PAK_MESSAGE_MAX - 7)
#define DRIVE_FREE 486912

static gboolean
has_suffix (const char *name, const char *suffix)
{
  gsize length = strlen (name), suffix_length = strlen (suffix);

  return length >= suffix_length && g_ascii_strcasecmp (name + length - suffix_length, suffix) == 0;
}

/* The drive comes first, with what is free on it. */
static GBytes *
make_directory (OpVirtualStation *station)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_directory_entry_free);
  GByteArray *file = g_byte_array_new ();
  OpTime loaded = op_virtual_clock_get_run (station->clock, 0).from / OP_SECOND * OP_SECOND;
  char date[OP_TIME_TEXT_SIZE];
  PakDirectoryEntry *program;

  op_time_format (loaded, date);
  program = pak_directory_entry_new (OP_VIRTUAL_STATION_PROGRAM, station->program_size, date);
  pak_directory_entry_add_attribute (program, PAK_FILE_RUNNING);
  pak_directory_entry_add_attribute (program, PAK_FILE_RUN_ON_POWER_UP);
  g_ptr_array_add (entries, pak_directory_entry_new ("CPU:", DRIVE_FREE, ""));
  g_ptr_array_add (entries, program);
  pak_directory_append (entries, file);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
open_file (OpVirtualStation *station, const char *name, OpAccess *access)
{
  *access = OP_ACCESS_READ;
  if (has_suffix (name, ".TDF"))
    return g_bytes_ref (station->definitions);
  if (has_suffix (name, ".DIR"))
    return make_directory (station);
  if (g_ascii_strcasecmp (name, OP_VIRTUAL_STATION_PROGRAM) != 0)
    return NULL;
  *access = OP_ACCESS_PROGRAM;
  return g_bytes_new (station->program, station->program_size);
}

void
op_server_read_file (OpVirtualStation *station, const PakMessage *command, PakMessage *response)
{
  guint32 offset = pak_message_get_uint (command, "FileOffset");
  guint32 swath = MIN (pak_message_get_uint (command, "Swath"), MAX_SWATH);
  OpAccess access;
  g_autoptr (GBytes) file = open_file (station, pak_message_get_text (command, "FileName"), &access);
  gsize size;
  const guint8 *data;

  /* A refusal has the offset too (pakbus-facts G1). */
  pak_message_set_uint (response, "FileOffset", offset);
  if (!op_server_check_access (station, access, command, response))
    return;
  pak_message_set_uint (response, "RespCode", file != NULL ? OP_CODE_COMPLETE : OP_CODE_FILE_NAME);
  if (file == NULL)
    return;
  data = g_bytes_get_data (file, &size);
  if (offset < size)
    pak_message_set_bytes (response, "FileData", data + offset, MIN (swath, size - offset));
}
