# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Prints what core/commp/self_test.cpp expects, from a straightforward implementation with big integers and hashlib."""
import hashlib
def H(l,r):
    d=bytearray(hashlib.sha256(l+r).digest()); d[31]&=0x3f; return bytes(d)
def leaves(p):
    while len(p)%127: p+=b'\0'
    out=[]
    for q in range(0,len(p),127):
        x=int.from_bytes(p[q:q+127],'little')
        for i in range(4): out.append(((x>>(254*i))&((1<<254)-1)).to_bytes(32,'little'))
    return out
def nodes(quads,level):
    p=bytes((i*167+13)%251 for i in range(quads*127))
    n=leaves(p); z=b'\0'*32
    for l in range(level):
        if len(n)%2: n.append(z)
        n=[H(n[i],n[i+1]) for i in range(0,len(n),2)]; z=H(z,z)
    return n
def one(quads,level):
    n=nodes(quads,level)
    return len(n), hashlib.sha256(b''.join(n)).hexdigest()
for q,l in [(1,2),(3,2),(37,8),(200,4),(1537,7),(3072,12)]: print(q,l,*one(q,l))
