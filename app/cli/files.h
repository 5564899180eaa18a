/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli/cli.h"

G_BEGIN_DECLS

/* The parts of outpostctl files. The station is connected; names and so on are what follows the action's name. */

typedef struct
{
  char    *out;       /* get: where to */
  gboolean yes;
  gboolean keep_data; /* run */
  gboolean once;      /* run: not on power-up */
  gboolean replace;   /* run: and delete the files of the old program; stop: of the running one */
} FilesOptions;

typedef CliStatus (*FilesAction) (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names,
                                  char **names);

CliStatus files_list     (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_get      (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_put      (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_run      (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_stop     (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_pause    (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_resume   (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_hide     (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_power_up (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_delete   (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);
CliStatus files_format   (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names);

/** Returns: (element-type OpDeviceFile) (transfer full) */
GPtrArray *files_read_list (CliSession *session, OpStation *station, GError **error);

G_END_DECLS
