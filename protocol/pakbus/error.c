/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (pak-error-quark, pak_error)

typedef struct
{
  guint       code;
  PakError    error;
  const char *text;
} CodeMeaning;

/* One list for all BMP5 answers (pakbus-facts H5). */
static const CodeMeaning response_codes[] = {
  { 0, PAK_ERROR_REFUSED, N_ ("ok") },
  { 1, PAK_ERROR_PERMISSION, N_ ("permission denied") },
  { 2, PAK_ERROR_RESOURCES, N_ ("out of resources") },
  { 7, PAK_ERROR_DEFINITIONS, N_ ("invalid table number or signature") },
  { 9, PAK_ERROR_FRAGMENT, N_ ("fragment not in order") },
  { 13, PAK_ERROR_FILE_NAME, N_ ("invalid file name") },
  { 14, PAK_ERROR_FILE_ACCESS, N_ ("file not accessible") },
  { 15, PAK_ERROR_OPTION, N_ ("invalid control option") },
  { 16, PAK_ERROR_NAME, N_ ("invalid table or field name") },
  { 17, PAK_ERROR_CONVERSION, N_ ("unsupported conversion") },
  { 18, PAK_ERROR_BOUNDS, N_ ("memory violation (swath too long)") },
  { 19, PAK_ERROR_FILE_COMMAND, N_ ("unsupported FileCmd value") },
  { 20, PAK_ERROR_DIRECTORY_FULL, N_ ("directory full") },
  { 21, PAK_ERROR_REFUSED, N_ ("success, reboot needed") },
  { 22, PAK_ERROR_FILE_OPEN, N_ ("cannot delete, file open") },
  { 23, PAK_ERROR_FILES_OPEN, N_ ("cannot format, files open") },
  { 24, PAK_ERROR_INCOMPATIBLE_FORMAT, N_ ("incompatible format") },
};

/* Manual 2.2.1. */
static const CodeMeaning delivery_codes[] = {
  { 1, PAK_ERROR_UNREACHABLE, N_ ("there is no way to this PakBus address") },
  { 2, PAK_ERROR_PROTOCOL_UNREACHABLE, N_ ("the device does not speak this protocol") },
  { 3, PAK_ERROR_QUEUE_OVERFLOW, N_ ("a device on the way has no room for the message") },
  { 4, PAK_ERROR_UNIMPLEMENTED, N_ ("the device does not know this command") },
  { 5, PAK_ERROR_MALFORMED, N_ ("the device could not read the command") },
  { 6, PAK_ERROR_LINK_FAILED, N_ ("a link on the way failed") },
};

static const CodeMeaning *
find_meaning (const CodeMeaning *meanings, gsize n_meanings, guint code)
{
  for (gsize i = 0; i < n_meanings; i++)
    if (meanings[i].code == code)
      return &meanings[i];
  return NULL;
}

const char *
pak_response_code_to_string (guint code)
{
  const CodeMeaning *meaning = find_meaning (response_codes, G_N_ELEMENTS (response_codes), code);
  g_autofree char *text = NULL;

  if (meaning != NULL)
    return _ (meaning->text);
  text = g_strdup_printf (_ ("code %u"), code);
  return g_intern_string (text);
}

void
pak_set_response_error (GError **error, guint code, const char *what)
{
  const CodeMeaning *meaning = find_meaning (response_codes, G_N_ELEMENTS (response_codes), code);

  g_set_error (error, PAK_ERROR, meaning != NULL ? meaning->error : PAK_ERROR_REFUSED, "%s: %s", what,
               pak_response_code_to_string (code));
}

void
pak_set_delivery_error (GError **error, guint code, const char *what)
{
  const CodeMeaning *meaning = find_meaning (delivery_codes, G_N_ELEMENTS (delivery_codes), code);

  if (meaning != NULL)
    g_set_error (error, PAK_ERROR, meaning->error, "%s: %s", what, _ (meaning->text));
  else
    g_set_error (error, PAK_ERROR, PAK_ERROR_UNREACHABLE, _ ("%s: delivery failed (code %u)"), what, code);
}
