/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Why a setting or a session of settings is refused, by the device or before it is asked. */
typedef enum
{
  PAK_SETTINGS_ERROR_UNKNOWN,      /* nobody knows a setting of this number or name */
  PAK_SETTINGS_ERROR_VALUE,        /* malformed or out of range */
  PAK_SETTINGS_ERROR_READ_ONLY,
  PAK_SETTINGS_ERROR_NO_MEMORY,    /* the device has no room for the value */
  PAK_SETTINGS_ERROR_SYNTAX,       /* the device could not read the string of settings */
  PAK_SETTINGS_ERROR_DENIED,       /* access denied, for settings as strings */
  PAK_SETTINGS_ERROR_OTHER_CLIENT, /* another client has changes that it did not commit yet */
  PAK_SETTINGS_ERROR_NO_CHANGES,   /* there is nothing to commit */
  PAK_SETTINGS_ERROR_UNSUPPORTED,  /* the device does not have this transaction */
  PAK_SETTINGS_ERROR_ENDED,        /* the session timed out in the device, which forgot what was set */
  PAK_SETTINGS_ERROR_OUTCOME,      /* an answer that does not fit what was asked */
} PakSettingsError;
#define PAK_SETTINGS_ERROR (pak_settings_error_quark ())
GQuark pak_settings_error_quark (void);

/** What the bytes of a DevConfig setting are (manual, appendix C; pakbus-facts J2). */
typedef enum
{
  PAK_SETTING_BYTES,         /* nobody knows: hex */
  PAK_SETTING_STRING,        /* text and a zero */
  PAK_SETTING_STRINGS,       /* several of them: "anonymous,*" */
  PAK_SETTING_IP_TEXT,       /* an address as text and a zero */
  PAK_SETTING_IP_NUMBERS,    /* UInt4s: "10.0.0.1,10.0.0.2" */
  PAK_SETTING_UINT1,
  PAK_SETTING_UINT2,
  PAK_SETTING_UINT4,
  PAK_SETTING_INT4,
  PAK_SETTING_BOOL,
  PAK_SETTING_BAUD,          /* Int4; negative: finds the speed by itself, from that one on: "auto 38400" */
  PAK_SETTING_SERIAL_NUMBER, /* UInt4 with a letter in its first byte: "E4668" */
  PAK_SETTING_SECURITY,      /* three UInt2: "1,2,3" */
  PAK_SETTING_NEIGHBORS,     /* UInt2 pairs: "(1,10)(20,20)" */
  PAK_SETTING_ROUTE_FILTERS, /* four UInt2 each: "(1,10,20,30)" */
  PAK_SETTING_ROUTES,        /* port, via, node, ms in 1 and 3 times 2 bytes: "(1,2050,2050,5000)" */
} PakSettingType;

/** PakSettingInfo: what is known of a setting. */
typedef struct
{
  guint16        id;
  const char    *name;      /* NULL: only its type is known */
  PakSettingType type;
  guint32        min;       /* of a number; min and max 0: what the type holds */
  guint32        max;       /* of a number; of a text: bytes with its zero */
  const char    *unit;      /* or NULL */
  gboolean       read_only;
  gboolean       inferred;  /* from values of one real logger: no document tells it */
} PakSettingInfo;

/** NULL when nothing is known of it. */
const PakSettingInfo *pak_setting_info_find (guint16 id);
const PakSettingInfo *pak_setting_info_list (guint *n_infos);
/** "Station Name"; "Setting 88" when it has no name. */
char       *pak_setting_dup_name   (guint16 id);
/** Reads a setting's number or name; case, spaces and punctuation do not count. PAK_SETTINGS_ERROR_UNKNOWN. */
gboolean    pak_setting_parse_name (const char *text, guint16 *id, GError **error);

/** PakSetting: one setting of a device, by DevConfig. */
typedef struct
{
  guint16  id;
  gboolean read_only; /* as the device tells */
  GBytes  *value;     /* may be empty, whatever the type (pakbus-facts J3) */
} PakSetting;
PakSetting *pak_setting_new  (guint16 id, gboolean read_only, const guint8 *bytes, gsize length);
PakSetting *pak_setting_copy (const PakSetting *setting);
void        pak_setting_free (PakSetting *setting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakSetting, pak_setting_free)

/**
 * The value for people, by the type of its number; "hex:0102" for bytes that are of no known type or do not fit it,
 * "" for no bytes at all.
 */
char       *pak_setting_to_text   (const PakSetting *setting);
/** The reverse; "hex:…" is taken for every setting. Errors: PAK_SETTINGS_ERROR_VALUE, naming setting and limits. */
PakSetting *pak_setting_from_text (guint16 id, const char *text, GError **error);

G_END_DECLS
