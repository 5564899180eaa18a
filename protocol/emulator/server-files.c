/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

/* What a message holds besides type, transaction, code and offset. */
#define MAX_SWATH  (PAK_MESSAGE_MAX - 7)

static GBytes *
open_file (OpVirtualStation *station, const char *name, OpAccess *access)
{
  const OpVirtualFile *file;

  *access = OP_ACCESS_READ;
  if (op_virtual_files_name_ends (name, ".TDF"))
    return g_bytes_ref (station->definitions);
  if (op_virtual_files_name_ends (name, ".DIR"))
    return op_virtual_files_list (station->files);
  *access = OP_ACCESS_PROGRAM;
  file = op_virtual_files_find (station->files, name);
  return file != NULL ? g_bytes_ref (file->content) : NULL;
}

/*
 * What a CR200 refuses as it does: a swath that fits no packet, though there is no permission to deny (manual 3.7.4),
 * and definitions while no program makes tables (manual 3.7.1).
 */
static guint
check_small (const OpVirtualStation *station, const PakMessage *command, GBytes *file)
{
  if (pak_message_get_uint (command, "Swath") > MAX_SWATH)
    return OP_CODE_PERMISSION;
  if (file == station->definitions && station->program_state != OP_PROGRAM_RUNNING)
    return OP_CODE_FILE_ACCESS;
  return OP_CODE_COMPLETE;
}

gint64
op_server_read_file (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                     PakMessage *response)
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
    return 0;
  if (station->model->is_small)
    {
      guint code = check_small (station, command, file);

      pak_message_set_uint (response, "RespCode", code);
      if (code != OP_CODE_COMPLETE)
        return 0;
    }
  pak_message_set_uint (response, "RespCode", file != NULL ? OP_CODE_COMPLETE : OP_CODE_FILE_NAME);
  if (file == NULL)
    return 0;
  data = g_bytes_get_data (file, &size);
  if (offset < size)
    pak_message_set_bytes (response, "FileData", data + offset, MIN (swath, size - offset));
  return 0;
}
