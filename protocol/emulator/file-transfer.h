/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"

G_BEGIN_DECLS

/**
 * OpFileTransfer: a file on its way to the station in fragments of one transaction (manual 2.3.3.1). It outlives
 * the link, so that a client can go on after a broken one, but not a reboot.
 */
typedef struct _OpFileTransfer OpFileTransfer;

typedef struct
{
  guint16       client; /* its node and the transaction number name the transfer */
  guint8        transaction;
  const char   *name;   /* "" behind the first fragment, or the same again */
  gboolean      closes;
  guint32       offset;
  const guint8 *data;
  gsize         length;
} OpFileFragment;

void  op_file_transfer_free (OpFileTransfer *transfer);
/**
 * Takes a fragment; behind the closing one the file is there. One that was taken before, as a retry is, is taken
 * again without any effect. Returns: a response code.
 */
guint op_file_transfer_take (OpVirtualStation *station, const OpFileFragment *fragment);

G_END_DECLS
