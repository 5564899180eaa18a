/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/settings-private.h"

#include "protocol/pakbus/error.h"

#include <glib/gi18n-lib.h>

#define SECURITY -1 /* an error of the code, which is not about settings */

typedef struct
{
  guint       command;
  guint       outcome;
  gint        error; /* PakSettingsError, or SECURITY */
  const char *text;
} Meaning;

#define GET          PAK_MSG_DEVCONFIG_GET
#define SET          PAK_MSG_DEVCONFIG_SET
#define SET_ONE      PAK_MSG_DEVCONFIG_SET_ONE
#define GET_FRAGMENT PAK_MSG_DEVCONFIG_GET_FRAGMENT
#define SET_FRAGMENT PAK_MSG_DEVCONFIG_SET_FRAGMENT
#define CONTROL      PAK_MSG_DEVCONFIG_CONTROL

#define MAY_NOT_READ  N_ ("the security code does not allow to read settings")
#define MAY_NOT_SET   N_ ("the security code does not allow to change settings")
#define OTHER_CLIENT  N_ ("another program is changing the settings of this device and has not committed them yet")
#define UNKNOWN       N_ ("the device does not have this setting")
#define BAD_VALUE     N_ ("the value is malformed or out of range")
#define IS_READ_ONLY  N_ ("the setting is read-only")
#define NO_MEMORY     N_ ("the device has no memory for the value")
#define NO_FRAGMENTS  N_ ("the device does not support values longer than a packet")

/* Manual 2.2.5 and 2.2.6.1 to 2.2.6.5. Which outcomes of CONTROL are a success depends on what was asked. */
static const Meaning meanings[] = {
  { PAK_MSG_SET_NAMED, 1, PAK_SETTINGS_ERROR_READ_ONLY, IS_READ_ONLY },
  { PAK_MSG_SET_NAMED, 2, PAK_SETTINGS_ERROR_NO_MEMORY, NO_MEMORY },
  { PAK_MSG_SET_NAMED, 3, PAK_SETTINGS_ERROR_SYNTAX, N_ ("the device does not understand it") },
  { PAK_MSG_SET_NAMED, 4, PAK_SETTINGS_ERROR_DENIED, N_ ("access denied") },
  { GET, 2, SECURITY, MAY_NOT_READ },
  { SET, 2, SECURITY, MAY_NOT_SET },
  { SET, 3, PAK_SETTINGS_ERROR_OTHER_CLIENT, OTHER_CLIENT },
  { SET_ONE, 2, PAK_SETTINGS_ERROR_UNKNOWN, UNKNOWN },
  { SET_ONE, 3, PAK_SETTINGS_ERROR_VALUE, BAD_VALUE },
  { SET_ONE, 4, PAK_SETTINGS_ERROR_READ_ONLY, IS_READ_ONLY },
  { SET_ONE, 5, PAK_SETTINGS_ERROR_NO_MEMORY, NO_MEMORY },
  { GET_FRAGMENT, 2, SECURITY, MAY_NOT_READ },
  { GET_FRAGMENT, 3, PAK_SETTINGS_ERROR_UNSUPPORTED, NO_FRAGMENTS },
  { SET_FRAGMENT, 2, SECURITY, MAY_NOT_SET },
  { SET_FRAGMENT, 3, PAK_SETTINGS_ERROR_UNKNOWN, UNKNOWN },
  { SET_FRAGMENT, 4, PAK_SETTINGS_ERROR_VALUE, BAD_VALUE },
  { SET_FRAGMENT, 5, PAK_SETTINGS_ERROR_READ_ONLY, IS_READ_ONLY },
  { SET_FRAGMENT, 6, PAK_SETTINGS_ERROR_NO_MEMORY, NO_MEMORY },
  { SET_FRAGMENT, 7, PAK_SETTINGS_ERROR_UNSUPPORTED, NO_FRAGMENTS },
  { CONTROL, 1, PAK_SETTINGS_ERROR_OUTCOME, N_ ("the device commits the settings and restarts") },
  { CONTROL, 2, SECURITY, MAY_NOT_SET },
  { CONTROL, 3, PAK_SETTINGS_ERROR_NO_CHANGES, N_ ("the device has no changes to commit") },
  { CONTROL, 4, PAK_SETTINGS_ERROR_OUTCOME, N_ ("the device discards the changes and restarts") },
  { CONTROL, 5, PAK_SETTINGS_ERROR_OUTCOME, N_ ("the settings are the factory's until committed") },
  { CONTROL, 6, PAK_SETTINGS_ERROR_OUTCOME, N_ ("the device goes on waiting for a commit") },
  { CONTROL, 7, PAK_SETTINGS_ERROR_OTHER_CLIENT, OTHER_CLIENT },
};

static const Meaning *
find_meaning (guint command, guint outcome)
{
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].command == command && meanings[i].outcome == outcome)
      return &meanings[i];
  return NULL;
}

void
pak_settings_set_outcome_error (GError **error, guint command, guint outcome, const char *setting)
{
  const Meaning *meaning = find_meaning (command, outcome);
  g_autofree char *unknown = g_strdup_printf (_ ("the device answers with outcome %u, which is unknown"), outcome);
  const char *text = meaning != NULL ? _ (meaning->text) : unknown;
  const char *what = setting != NULL ? setting : _ ("Settings");

  if (meaning != NULL && meaning->error == SECURITY)
    g_set_error (error, PAK_ERROR, PAK_ERROR_PERMISSION, "%s: %s", what, text);
  else
    g_set_error (error, PAK_SETTINGS_ERROR, meaning != NULL ? meaning->error : PAK_SETTINGS_ERROR_OUTCOME, "%s: %s",
                 what, text);
}

PakMessage *
pak_settings_decode (GBytes *answer, GError **error)
{
  return pak_message_decode (PAK_PROTOCOL_PAKCTRL, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), error);
}
