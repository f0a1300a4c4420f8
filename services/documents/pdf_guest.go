package documents

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"

	"github.com/klippa-app/go-pdfium"
	"github.com/tetratelabs/wazero/api"
)

// guest is one instance of PDFium with one document in it.
//
// It calls PDFium's C functions directly: go-pdfium's wrappers cost three or four calls into the sandbox for each
// character (allocate, ask, free) where one is enough, and can't be given a context.
// The first failure stays in err and makes all later calls return 0.
type guest struct {
	ctx       context.Context
	instance  pdfium.Pdfium
	module    api.Module
	memory    api.Memory
	functions map[string]api.Function
	stack     [8]uint64
	// scratch is the address of scratchSize bytes for the values that functions write through pointers.
	scratch uint64
	err     error
}

const scratchSize = 4096

var errGuestMemory = errors.New("address outside the sandbox's memory")

func (s *sandbox) newGuest(ctx context.Context) (*guest, error) {
	pool, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, errSandbox(err)
	}
	module, ok := guestModule(instance)
	if !ok {
		instance.Close()
		return nil, errSandbox(errors.New("the engine's module is out of reach"))
	}
	g := &guest{ctx: ctx, instance: instance, module: module, memory: module.Memory(), functions: map[string]api.Function{}}
	g.scratch = g.call("malloc", scratchSize)
	if g.err != nil {
		g.close()
		return nil, g.err
	}
	return g, nil
}

// guestModule returns the instance's WebAssembly module, an exported field of a type that has no exported name.
func guestModule(instance pdfium.Pdfium) (api.Module, bool) {
	implementation := reflect.Indirect(reflect.ValueOf(instance.GetImplementation()))
	if implementation.Kind() != reflect.Struct {
		return nil, false
	}
	field := implementation.FieldByName("Module")
	if !field.IsValid() || !field.CanInterface() {
		return nil, false
	}
	module, ok := field.Interface().(api.Module)
	return module, ok
}

// close gives the instance's memory back.
func (g *guest) close() { g.instance.Close() }

// call runs an exported function and returns its result, 0 when it has none.
func (g *guest) call(name string, params ...uint64) uint64 {
	if g.err != nil {
		return 0
	}
	function := g.functions[name]
	if function == nil {
		if function = g.module.ExportedFunction(name); function == nil {
			g.err = errSandbox(fmt.Errorf("PDFium has no function %s", name))
			return 0
		}
		g.functions[name] = function
	}
	g.stack[0] = 0
	copy(g.stack[:], params)
	if err := function.CallWithStack(g.ctx, g.stack[:]); err != nil {
		g.err = errUnreadable(fmt.Errorf("PDFium's %s: %w", name, err))
		if g.ctx.Err() != nil {
			g.err = errTooSlow(g.ctx.Err())
		}
		return 0
	}
	return g.stack[0]
}

// alloc copies data into the sandbox and returns its address.
func (g *guest) alloc(data []byte) uint64 {
	address := g.call("malloc", uint64(len(data)))
	if g.err == nil && (address == 0 || !g.memory.Write(uint32(address), data)) {
		g.err = errUnpacksTooLarge()
	}
	return address
}

// read returns a view of the sandbox's memory that is valid until the next call.
func (g *guest) read(address uint64, size int) []byte {
	if g.err != nil {
		return nil
	}
	view, ok := g.memory.Read(uint32(address), uint32(size))
	if !ok {
		g.err = errUnreadable(errGuestMemory)
	}
	return view
}

// floats reads consecutive 32-bit numbers from the scratch memory.
func (g *guest) floats(into []float64) bool {
	view := g.read(g.scratch, 4*len(into))
	if len(view) == 0 {
		return false
	}
	for i := range into {
		into[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(view[4*i:])))
	}
	return true
}

// double reads a 64-bit number at an offset of the scratch memory.
func (g *guest) double(offset uint64) float64 {
	view := g.read(g.scratch+offset, 8)
	if len(view) == 0 {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(view))
}

// text reads a zero-terminated string of at most size bytes from the scratch memory.
func (g *guest) text(size uint64) string {
	view := g.read(g.scratch, int(min(size, scratchSize)))
	if end := bytes.IndexByte(view, 0); end >= 0 {
		view = view[:end]
	}
	return string(view)
}
