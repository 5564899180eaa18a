/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/emulator.h"
#include "protocol/emulator/fault-transport.h"
#include "protocol/logger-changes.h"
#include "protocol/pakbus/pak-logger.h"

G_BEGIN_DECLS

/** A link and what happens to it. */
typedef struct
{
  const char *name;
  const char *faults;  /* "": none */
  gint64      delay_us; /* each way */
} SoakLink;

/** What kind of logger is talked to. */
typedef struct
{
  const char        *model;
  const char        *os;       /* how the name of its operating system begins */
  gboolean           is_small; /* a CR200: whole seconds, no file system, settings as strings */
  const char *const *fields;   /* of Public, that keep what is set; NULL-terminated */
  const char *const *tables;   /* the same; the first one is never reset unless it is small */
} SoakKind;

/** What the logger should hold, by what was done. */
typedef struct
{
  GHashTable *values;   /* "Counter": texts of the elements, parted by commas */
  GHashTable *files;    /* name: GBytes */
  GHashTable *settings; /* id: text; NULL: the name of a CR200 */
  GHashTable *records;  /* "OneMin/17": time and values as text */
  gint64      clock_offset; /* ns, against this computer's */
} SoakModel;

typedef struct
{
  const SoakKind *kind;
  GRand      *rand;
  OpEmulator *emulator;
  char       *dump_path;
  SoakLink    link;
  OpLogger   *logger;   /* NULL when it has to be connected */
  GPtrArray  *tables;
  SoakModel   model;
  guint       n_done;
  guint       n_failed; /* by the link's faults */
  gboolean    lost;     /* the logger said that the link was closed */
} Soak;

/** For the callback of each call, with the address of a NULL GAsyncResult pointer. */
void          soak_await_cb (GObject *source, GAsyncResult *result, gpointer data);
/** Waits, for hours of virtual time at most, and forgets the result in *@slot when the caller's scope ends. */
GAsyncResult *soak_await    (GAsyncResult **slot);
/** Lets virtual time pass. */
void          soak_wait    (guint seconds);
/** Opens a new link, as often as it takes. */
void          soak_connect  (Soak *soak);
/** No link any more. */
void          soak_disconnect (Soak *soak);
/**
 * Whether a call failed in a way that the link's faults explain; it has been said that it failed. Any other
 * failure, and any on a link without faults, ends the test. NULL: it did not fail. Takes @error.
 */
gboolean      soak_has_failed (Soak *soak, const char *what, GError *error);
/** Up to, without, @n. */
guint         soak_pick     (Soak *soak, guint n);
OpTable      *soak_find_table (Soak *soak, const char *name);

/*
 * The transactions: each makes one, checks what came of it, and keeps what the logger should hold now. With
 * certainty of what was applied from the emulator's own count, whatever the client heard of it.
 */
void soak_read_clock    (Soak *soak);
void soak_adjust_clock  (Soak *soak);
void soak_get_values    (Soak *soak);
void soak_set_values    (Soak *soak);
void soak_collect       (Soak *soak);
void soak_reset_table   (Soak *soak);
void soak_put_file      (Soak *soak);
void soak_get_file      (Soak *soak);
void soak_delete_file   (Soak *soak);
void soak_list_files    (Soak *soak);
void soak_read_program  (Soak *soak);
void soak_identify      (Soak *soak);
void soak_echo          (Soak *soak);
void soak_read_settings (Soak *soak);
void soak_set_settings  (Soak *soak);
/* Of the CR200. */
void soak_read_named_settings (Soak *soak);
void soak_set_named_settings  (Soak *soak);
void soak_send_program        (Soak *soak);

/* At the end, on a link without faults: whether the logger holds what it should. */
void soak_check_values   (Soak *soak);
void soak_check_files    (Soak *soak);
void soak_check_settings (Soak *soak);
void soak_check_records  (Soak *soak);
void soak_check_named_settings (Soak *soak);

G_END_DECLS
