/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli/cli.h"

G_BEGIN_DECLS

/* The parts of outpostctl files. The station is connected. */

typedef struct
{
  char    *out;       /* get: where to */
  gboolean yes;
  gboolean keep_data; /* run */
  gboolean once;      /* run: not on power-up */
  gboolean replace;   /* run: and delete the files of the old program; stop: of the running one */
} FilesOptions;

/** An action; @names are its arguments behind the station. */
typedef CliStatus FilesAction (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names,
                               char **names);

FilesAction files_list, files_get, files_put;
FilesAction files_run, files_stop, files_pause, files_resume;
FilesAction files_hide, files_power_up, files_delete, files_format;

/** Returns: (element-type OpDeviceFile) (transfer full) */
GPtrArray *files_read_list (CliSession *session, OpStation *station, GError **error);

G_END_DECLS
