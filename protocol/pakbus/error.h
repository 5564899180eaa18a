/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Errors of the protocol: the bytes, or what the device said to a request. */
typedef enum
{
  PAK_ERROR_FRAME,        /* bytes that make no packet */
  PAK_ERROR_MESSAGE,      /* a message whose fields do not fit its bytes */
  PAK_ERROR_TIMED_OUT,    /* no answer after all tries */
  PAK_ERROR_NOISE,        /* answers came, but damaged, after all tries */
  PAK_ERROR_CLOSED,       /* the link ended under the request */
  PAK_ERROR_UNREACHABLE,            /* delivery failure 1 */
  PAK_ERROR_PROTOCOL_UNREACHABLE,   /* delivery failure 2 */
  PAK_ERROR_QUEUE_OVERFLOW,         /* delivery failure 3 */
  PAK_ERROR_UNIMPLEMENTED,          /* delivery failure 4 */
  PAK_ERROR_MALFORMED,              /* delivery failure 5 */
  PAK_ERROR_LINK_FAILED,            /* delivery failure 6 */
  PAK_ERROR_PERMISSION,   /* response code 1: the security code is wrong or missing */
  PAK_ERROR_DEFINITIONS,  /* response code 7: table number or signature is not the logger's */
  PAK_ERROR_NAME,         /* response code 16: no such table or field */
  PAK_ERROR_REFUSED,      /* a response code that is not known here; the message says which */
  PAK_ERROR_RECORD,       /* records that do not fit their definition, or not what was asked */
  PAK_ERROR_RESOURCES,    /* response code 2: no memory, or no room on the drive */
  PAK_ERROR_FRAGMENT,     /* response code 9: a file's fragment out of order */
  PAK_ERROR_FILE_NAME,    /* response code 13 */
  PAK_ERROR_FILE_ACCESS,  /* response code 14: it is there, but not to be had now */
  PAK_ERROR_OPTION,       /* response code 15: not for this table */
  PAK_ERROR_CONVERSION,   /* response code 17: the field does not convert to this type */
  PAK_ERROR_BOUNDS,       /* response code 18: goes past the end of the array, or of a packet */
  PAK_ERROR_FILE_COMMAND, /* response code 19: the device has no such file command */
  PAK_ERROR_DIRECTORY_FULL,      /* response code 20 */
  PAK_ERROR_FILE_OPEN,           /* response code 22: cannot delete it */
  PAK_ERROR_FILES_OPEN,          /* response code 23: cannot format the drive */
  PAK_ERROR_INCOMPATIBLE_FORMAT, /* response code 24 */
  PAK_ERROR_NOT_DONE,     /* the answer was lost; looking again shows that it was not done */
  PAK_ERROR_UNCERTAIN,    /* the answer was lost; looking again does not tell whether it was done */
  PAK_ERROR_VERIFY,       /* what was written reads back differently */
} PakError;
#define PAK_ERROR (pak_error_quark ())
GQuark pak_error_quark (void);

/** The meaning of a BMP5 response code (pakbus-facts H5): "permission denied"; "code 99" when unknown. */
const char *pak_response_code_to_string (guint code);
/** Sets an error for @code (not 0 and not 21) with @what as context: "Reading the clock: permission denied". */
void        pak_set_response_error (GError **error, guint code, const char *what);
/** As pak_set_response_error() for the code of a delivery failure (manual 2.2.1). */
void        pak_set_delivery_error (GError **error, guint code, const char *what);

G_END_DECLS
