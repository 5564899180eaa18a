/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/hints-private.h"

#include "protocol/table.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PakError      error;
  OpLoggerError meaning;
  const char   *hint;
} Hint;

static const Hint hints[] = {
  { PAK_ERROR_TIMED_OUT, OP_LOGGER_ERROR_NO_ANSWER,
    N_ ("The logger does not answer. Check its power, the cable or network, the speed of the line, and the PakBus "
        "address.") },
  { PAK_ERROR_NOISE, OP_LOGGER_ERROR_NO_ANSWER,
    N_ ("Only damaged answers came. Check the speed of the line, the cable, and the radio or modem on the way.") },
  { PAK_ERROR_CLOSED, OP_LOGGER_ERROR_LINK,
    N_ ("The link ended. If this happens as soon as one connects, the logger may want a PakBus/TCP password, or "
        "serve only one connection at a time.") },
  { PAK_ERROR_LINK_FAILED, OP_LOGGER_ERROR_LINK, N_ ("A link on the way to the logger failed. Try again later.") },
  { PAK_ERROR_UNREACHABLE, OP_LOGGER_ERROR_NO_NODE,
    N_ ("The router knows no way to this PakBus address. Check the address and the router's list of neighbors.") },
  { PAK_ERROR_PERMISSION, OP_LOGGER_ERROR_SECURITY,
    N_ ("The logger refuses the security code. Enter the code that is set in the logger.") },
  { PAK_ERROR_DEFINITIONS, OP_LOGGER_ERROR_DEFINITIONS,
    N_ ("The tables in the logger are not those known here; a new program may run. Read the tables again.") },
  { PAK_ERROR_RECORD, OP_LOGGER_ERROR_DATA,
    N_ ("What came does not fit the table's definition. Nothing of it was kept. Try again; if it stays so, read the "
        "tables again.") },
  { PAK_ERROR_MESSAGE, OP_LOGGER_ERROR_DATA,
    N_ ("The answer could not be read. Try again; if it stays so, please report it with a recording of the "
        "traffic.") },
  { PAK_ERROR_FRAME, OP_LOGGER_ERROR_DATA, N_ ("What came is no PakBus. Check that this is a PakBus logger.") },
  { PAK_ERROR_UNIMPLEMENTED, OP_LOGGER_ERROR_UNSUPPORTED,
    N_ ("The device does not know how to do this. If it is a logger, a PakBus encryption key may be set in it, which "
        "is not supported.") },
  { PAK_ERROR_PROTOCOL_UNREACHABLE, OP_LOGGER_ERROR_UNSUPPORTED,
    N_ ("The device at this PakBus address is no logger. Check the address.") },
  { PAK_ERROR_QUEUE_OVERFLOW, OP_LOGGER_ERROR_REFUSED, N_ ("The logger or a router is busy. Try again later.") },
  { PAK_ERROR_MALFORMED, OP_LOGGER_ERROR_REFUSED, N_ ("The logger could not read the request. Try again.") },
  { PAK_ERROR_NAME, OP_LOGGER_ERROR_NAME, N_ ("The logger has no table or field of this name.") },
  { PAK_ERROR_FILE_NAME, OP_LOGGER_ERROR_NAME,
    N_ ("The logger does not accept this file name, or has no such file. A name begins with its drive: CPU:, USR:, "
        "CRD: or USB:.") },
  { PAK_ERROR_FILE_ACCESS, OP_LOGGER_ERROR_IN_USE, N_ ("The file is in use now. Try again later.") },
  { PAK_ERROR_FILE_OPEN, OP_LOGGER_ERROR_IN_USE,
    N_ ("The file is in use: stop the program that uses it before deleting it.") },
  { PAK_ERROR_FILES_OPEN, OP_LOGGER_ERROR_IN_USE,
    N_ ("Files on the drive are in use: stop the program that uses them before formatting.") },
  { PAK_ERROR_RESOURCES, OP_LOGGER_ERROR_NO_ROOM,
    N_ ("The logger has no memory or no room left for it. Deleting files that are not needed may help.") },
  { PAK_ERROR_DIRECTORY_FULL, OP_LOGGER_ERROR_NO_ROOM,
    N_ ("The drive cannot hold more files. Delete some that are not needed any more.") },
  { PAK_ERROR_CONVERSION, OP_LOGGER_ERROR_REFUSED, N_ ("The field holds another kind of values.") },
  { PAK_ERROR_BOUNDS, OP_LOGGER_ERROR_REFUSED, N_ ("The field has not so many values.") },
  { PAK_ERROR_OPTION, OP_LOGGER_ERROR_REFUSED, N_ ("This table cannot do it.") },
  { PAK_ERROR_FILE_COMMAND, OP_LOGGER_ERROR_UNSUPPORTED, N_ ("This logger cannot do it with its files.") },
  { PAK_ERROR_INCOMPATIBLE_FORMAT, OP_LOGGER_ERROR_REFUSED, N_ ("The file is not meant for this logger.") },
  { PAK_ERROR_FRAGMENT, OP_LOGGER_ERROR_REFUSED, N_ ("The logger lost its place in the file. Send it again.") },
  { PAK_ERROR_VERIFY, OP_LOGGER_ERROR_DATA,
    N_ ("What the logger holds now is not what was sent. Send it again.") },
  { PAK_ERROR_NOT_DONE, OP_LOGGER_ERROR_NOT_DONE,
    N_ ("The answer was lost, and the logger shows that it was not done. It can safely be tried again.") },
  { PAK_ERROR_UNCERTAIN, OP_LOGGER_ERROR_UNCERTAIN,
    N_ ("The answer was lost, and the logger does not show whether it was done. Look before trying again.") },
  { PAK_ERROR_REFUSED, OP_LOGGER_ERROR_REFUSED, N_ ("The logger refuses.") },
};

static const Hint *
find_hint (const GError *error)
{
  if (error->domain != PAK_ERROR)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    if (hints[i].error == (PakError) error->code)
      return &hints[i];
  return NULL;
}

/* Takes @error. */
static GError *
explain (GError *error, OpLoggerError meaning, const char *what, const char *link_name, const char *hint)
{
  /* Translators: what was tried, on which link, what to do, and what the protocol says of it */
  GError *explained = g_error_new (OP_LOGGER_ERROR, (gint) meaning, _ ("%s on %s failed. %s (%s)"), what, link_name, hint,
                                   error->message);

  g_error_free (error);
  return explained;
}

GError *
pak_explain_error (GError *error, const char *what, const char *link_name)
{
  const Hint *hint = find_hint (error);

  if (hint != NULL)
    return explain (error, hint->meaning, what, link_name, _ (hint->hint));
  if (error->domain == OP_TABLE_ERROR)
    return explain (error, OP_LOGGER_ERROR_DEFINITIONS, what, link_name,
                    _ ("The definitions that came are damaged. Try again; if it stays so, send the logger's program "
                       "again."));
  return error;
}

GError *
pak_explain_wrong_address (GError *error, guint address, guint other, const char *link_name)
{
  g_autofree char *what = g_strdup_printf (_ ("Reaching PakBus address %u"), address);
  g_autofree char *hint = g_strdup_printf (_ ("Nobody answers at this address, but somebody does at address %u. Set "
                                              "the station's PakBus address to %u, or check where the link leads."),
                                           other, other);

  return explain (error, OP_LOGGER_ERROR_NO_NODE, what, link_name, hint);
}

GError *
pak_explain_long_packet (GError *error, const char *what, const char *link_name)
{
  return explain (error, OP_LOGGER_ERROR_REFUSED, what, link_name,
                  _ ("This logger has no security codes. It says so when more is asked for at once than fits into one "
                     "of its packets."));
}
