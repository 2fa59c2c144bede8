/* The docstrings of array_create.c: what each way of making an array takes, gives and raises.
 *
 * Each ends with an example that the tests run.
 */
#ifndef AK_ARRAY_CREATE_DOCS_H
#define AK_ARRAY_CREATE_DOCS_H

static const char empty_doc[] =
    "empty($module, shape, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "A new array with unset elements.\n"
    "\n"
    "shape   an int or a tuple of ints\n"
    "dtype   a dtype or the name of one; float64 by default\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises ValueError for a negative or impossible shape, TypeError for what names no dtype.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.empty((2, 3)).shape\n"
    "(2, 3)\n";

static const char zeros_doc[] =
    "zeros($module, shape, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "A new array of zeros.\n"
    "\n"
    "shape   an int or a tuple of ints\n"
    "dtype   a dtype or the name of one; float64 by default\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises ValueError for a negative or impossible shape, TypeError for what names no dtype.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.zeros(3)\n"
    "array([0., 0., 0.], dtype=float64)\n";

static const char ones_doc[] =
    "ones($module, shape, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "A new array of ones.\n"
    "\n"
    "shape   an int or a tuple of ints\n"
    "dtype   a dtype or the name of one; float64 by default\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises ValueError for a negative or impossible shape, TypeError for what names no dtype.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.ones((2, 2), \"int8\")\n"
    "array([[1, 1],\n"
    "       [1, 1]], dtype=int8)\n";

static const char full_doc[] =
    "full($module, shape, fill_value, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "A new array of one value.\n"
    "\n"
    "shape   an int or a tuple of ints\n"
    "fill_value  the item of every element\n"
    "dtype   a dtype or the name of one; by default that of fill_value\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises OverflowError or TypeError for a value that the dtype cannot hold; else as zeros.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.full(2, 7)\n"
    "array([7, 7], dtype=int64)\n";

static const char empty_like_doc[] =
    "empty_like($module, x, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "A new array of x's shape and dtype with unset elements.\n"
    "\n"
    "x       an array, or anything that can be viewed as one\n"
    "dtype   a dtype or the name of one; that of x by default\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises TypeError for what cannot be read as an array, or names no dtype.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.empty_like([[1, 2]]).shape\n"
    "(1, 2)\n";

static const char zeros_like_doc[] =
    "zeros_like($module, x, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "Zeros of x's shape and dtype.\n"
    "\n"
    "x       an array, or anything that can be viewed as one\n"
    "dtype   a dtype or the name of one; that of x by default\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises TypeError for what cannot be read as an array, or names no dtype.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.zeros_like([1.5, 2.5])\n"
    "array([0., 0.], dtype=float64)\n";

static const char ones_like_doc[] =
    "ones_like($module, x, dtype=None, *, device=None)\n"
    "--\n"
    "\n"
    "Ones of x's shape and dtype.\n"
    "\n"
    "x       an array, or anything that can be viewed as one\n"
    "dtype   a dtype or the name of one; that of x by default\n"
    "device  None or \"cpu\"\n"
    "\n"
    "Raises TypeError for what cannot be read as an array, or names no dtype.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.ones_like([3, 4])\n"
    "array([1, 1], dtype=int64)\n";

static const char asarray_doc[] =
    "asarray($module, obj, dtype=None, *, device=None, copy=None)\n"
    "--\n"
    "\n"
    "An object as an Array, without copying where its memory can be viewed.\n"
    "\n"
    "obj     an Array, an item, a number, nested lists, a buffer, or what speaks an array protocol\n"
    "dtype   a dtype or the name of one; by default that of the elements\n"
    "device  None or \"cpu\"\n"
    "copy    True: always; False: never; None: only if there is no other way\n"
    "\n"
    "Raises TypeError for what is no array, ValueError for ragged lists or a copy that was forbidden.\n"
    "\n"
    ">>> import arraykit\n"
    ">>> arraykit.asarray([[1, 2], [3, 4.5]])\n"
    "array([[1. , 2. ],\n"
    "       [3. , 4.5]], dtype=float64)\n";

static const char array_doc[] = "array($module, obj, dtype=None, *, device=None, copy=True)\n"
                                "--\n"
                                "\n"
                                "A new Array of an object's elements; as asarray with copy=True.\n"
                                "\n"
                                "obj, dtype, device, copy  as in asarray\n"
                                "\n"
                                "Raises what asarray raises.\n"
                                "\n"
                                ">>> import arraykit\n"
                                ">>> arraykit.array([1, 2], dtype=\"float32\")\n"
                                "array([1., 2.], dtype=float32)\n";

#endif
