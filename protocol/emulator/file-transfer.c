/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/file-transfer.h"

#include "protocol/emulator/response-code.h"

#include <string.h>

/* More at a time are not remembered: the oldest one is given up. */
#define MAX_TRANSFERS 8

struct _OpFileTransfer
{
  guint16     client;
  guint8      transaction;
  char       *name; /* with its drive */
  GByteArray *data;
  gboolean    is_closed;
};

void
op_file_transfer_free (OpFileTransfer *transfer)
{
  g_free (transfer->name);
  g_byte_array_unref (transfer->data);
  g_free (transfer);
}

static OpFileTransfer *
find_transfer (OpVirtualStation *station, const OpFileFragment *fragment)
{
  for (guint i = 0; i < station->transfers->len; i++)
    {
      OpFileTransfer *transfer = station->transfers->pdata[i];

      if (transfer->client == fragment->client && transfer->transaction == fragment->transaction)
        return transfer;
    }
  return NULL;
}

/* Two clients do not write one file. */
static gboolean
is_being_sent (OpVirtualStation *station, const char *name, guint16 client)
{
  for (guint i = 0; i < station->transfers->len; i++)
    {
      const OpFileTransfer *transfer = station->transfers->pdata[i];

      if (!transfer->is_closed && transfer->client != client && g_ascii_strcasecmp (transfer->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static OpFileTransfer *
begin_transfer (OpVirtualStation *station, const OpFileFragment *fragment, const char *name)
{
  OpFileTransfer *transfer = g_new0 (OpFileTransfer, 1);

  if (station->transfers->len >= MAX_TRANSFERS)
    g_ptr_array_remove_index (station->transfers, 0);
  transfer->client = fragment->client;
  transfer->transaction = fragment->transaction;
  transfer->name = g_strdup (name);
  transfer->data = g_byte_array_new ();
  g_ptr_array_add (station->transfers, transfer);
  return transfer;
}

static gboolean
holds (const OpFileTransfer *transfer, const OpFileFragment *fragment)
{
  return fragment->offset <= transfer->data->len && fragment->length <= transfer->data->len - fragment->offset
         && (fragment->length == 0
             || memcmp (transfer->data->data + fragment->offset, fragment->data, fragment->length) == 0);
}

/* Whether the fragment has closed the file before, and the file is still the one that came so. */
static gboolean
is_closed_with (OpVirtualStation *station, const OpFileTransfer *transfer, const OpFileFragment *fragment)
{
  const OpVirtualFile *file = op_virtual_files_find (station->files, transfer->name);
  g_autoptr (GBytes) sent = g_bytes_new_static (transfer->data->data, transfer->data->len);

  return transfer->is_closed && fragment->closes && file != NULL && holds (transfer, fragment)
         && fragment->offset + fragment->length == transfer->data->len && g_bytes_equal (file->content, sent);
}

static void
close_transfer (OpVirtualStation *station, OpFileTransfer *transfer)
{
  g_autoptr (GBytes) content = g_bytes_new (transfer->data->data, transfer->data->len);

  op_virtual_files_store (station->files, transfer->name, content, op_virtual_clock_now (station->clock));
  transfer->is_closed = TRUE;
  station->n_applied[OP_APPLIED_FILES]++;
}

/* A fragment may be one that is held, or continue or replace what is held from its offset on. */
static guint
add_fragment (OpVirtualStation *station, OpFileTransfer *transfer, const OpFileFragment *fragment)
{
  guint code;

  if (transfer->is_closed || fragment->offset > transfer->data->len)
    return OP_CODE_FRAGMENT;
  code = op_virtual_files_check (station->files, transfer->name, fragment->offset + fragment->length);
  if (code != OP_CODE_COMPLETE)
    {
      g_ptr_array_remove (station->transfers, transfer);
      return code;
    }
  if (fragment->closes || !holds (transfer, fragment))
    {
      g_byte_array_set_size (transfer->data, fragment->offset);
      g_byte_array_append (transfer->data, fragment->data, fragment->length);
    }
  if (fragment->closes)
    close_transfer (station, transfer);
  return OP_CODE_COMPLETE;
}

/* A CR200 has room for one compiled program, once the one that it has was deleted (manual 3.7.2). */
static guint
check_small (OpVirtualStation *station, const char *name)
{
  if (!op_virtual_files_name_ends (name, ".bin"))
    return OP_CODE_FILE_NAME;
  return op_virtual_files_get_n (station->files) > 0 ? OP_CODE_FULL : OP_CODE_COMPLETE;
}

/* The first fragment names the file. A transaction number comes around again: then it begins another transfer. */
static guint
take_first (OpVirtualStation *station, OpFileTransfer *transfer, const OpFileFragment *fragment, const char *name)
{
  guint code = op_virtual_files_check (station->files, name, fragment->length);

  if (code == OP_CODE_COMPLETE && station->model->is_small)
    code = check_small (station, name);
  if (code != OP_CODE_COMPLETE)
    return code;
  if (is_being_sent (station, name, fragment->client))
    return OP_CODE_FILE_ACCESS;
  if (transfer != NULL && (transfer->is_closed || g_ascii_strcasecmp (transfer->name, name) != 0))
    {
      g_ptr_array_remove (station->transfers, transfer);
      transfer = NULL;
    }
  if (transfer == NULL)
    transfer = begin_transfer (station, fragment, name);
  return add_fragment (station, transfer, fragment);
}

guint
op_file_transfer_take (OpVirtualStation *station, const OpFileFragment *fragment)
{
  OpFileTransfer *transfer = find_transfer (station, fragment);
  g_autofree char *name = op_virtual_files_complete (station->files, fragment->name);
  gboolean is_named = *fragment->name != '\0';
  gboolean is_other = is_named && transfer != NULL && g_ascii_strcasecmp (transfer->name, name) != 0;

  if (transfer != NULL && !is_other && is_closed_with (station, transfer, fragment))
    return OP_CODE_COMPLETE;
  if (fragment->offset == 0 && (transfer == NULL || is_named))
    return take_first (station, transfer, fragment, name);
  return transfer != NULL && !is_other ? add_fragment (station, transfer, fragment) : OP_CODE_FRAGMENT;
}
