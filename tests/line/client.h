/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/emulator.h"
#include "protocol/logger.h"

G_BEGIN_DECLS

/* What the tests of lines share: emulators, and loggers that collect from them; every wait has a watchdog. */

/* Turns the main loop until @flag is set; fails after some time. */
void         wait_for      (const gboolean *flag);

/* A station of 300 records whose content depends on its address; @options, if not NULL, are taken. */
OpEmulator  *new_emulator  (guint address, OpEmulatorOptions *options);

/* Opens @logger, and returns the error that it failed with, or NULL. */
GError      *open_logger   (OpLogger *logger, GCancellable *cancellable);

/* A collection of all that the table OneMin holds: its records as they were sent, one after the other. */
typedef struct
{
  OpLogger   *logger;
  GByteArray *payload;
  guint       n_records;
  gboolean    done;
  GError     *error;
} Collection;

/* Opens @logger, reads its tables and collects, all without waiting. */
void         collection_start (Collection *collection, OpLogger *logger);
void         collection_clear (Collection *collection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Collection, collection_clear)
/* What @emulator gives over a link of its own. */
GByteArray  *collect_directly (OpEmulator *emulator, guint address);
/* Waits, and asserts that it got 300 records, those of @emulator. */
void         collection_assert (Collection *collection, OpEmulator *emulator, guint address);

G_END_DECLS
